package dev.podbond.bonding.preflight;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.plan.BondPlanner;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Names in the pod: the bond's two, and those of members that come in.
final class NameRules {
  static final List<BondRule> ALL =
      List.of(
          NameRules::bondNameIsFree,
          NameRules::vlanNameIsFree,
          BondRule.forEach(NameRules::memberIsNotTheBond),
          BondRule.forEach(NameRules::podNameIsFree));

  private NameRules() {}

  private static Stream<String> bondNames(PreflightInput request) {
    return Stream.concat(Stream.of(request.names().name()), request.names().altName().stream());
  }

  private static Stream<Finding> bondNameIsFree(PreflightInput request) {
    return bondNames(request)
        .flatMap(name ->
            request
                .facts()
                .link(Place.POD, name)
                .filter(taken -> !isMember(taken, request))
                .map(taken ->
                    Finding.refusal(
                        request.bond(),
                        "the name "
                            + name
                            + " is taken in the pod by "
                            + describe(taken)
                            + "; give the bond another in the pod's annotation"))
                .stream());
  }

  private static Stream<Finding> vlanNameIsFree(PreflightInput request) {
    return request.config().vlanId().stream()
        .mapToObj(id -> BondPlanner.vlanName(request.names().name(), id))
        .flatMap(name -> request.facts().link(Place.POD, name).stream())
        .map(taken ->
            Finding.refusal(
                request.bond(),
                "the name of its VLAN interface is taken in the pod by "
                    + describe(taken)
                    + "; give the bond another name in the pod's annotation"));
  }

  private static boolean isMember(LinkFacts link, PreflightInput request) {
    return request.members().stream().anyMatch(member -> member.link().equals(Optional.of(link)));
  }

  private static Stream<Finding> memberIsNotTheBond(ResolvedMember member, PreflightInput request) {
    return bondNames(request)
        .filter(name ->
            member.spec().knownName().equals(Optional.of(name))
                || (member.isInPod()
                    && member.link().filter(link -> link.answersTo(name)).isPresent()))
        .map(name ->
            Finding.refusal(
                member.label(),
                "it is to be a member of the bond and the bond itself is to be called "
                    + name
                    + "; name other links, or give the bond another name in the pod's"
                    + " annotation"))
        .limit(1);
  }

  private static Stream<Finding> podNameIsFree(ResolvedMember member, PreflightInput request) {
    if (member.isInPod()) {
      return Stream.empty();
    }
    return member
        .podName()
        .flatMap(name -> request.facts().link(Place.POD, name))
        .map(taken ->
            Finding.refusal(
                member.label(),
                "it cannot come into the pod, where its name is taken by "
                    + describe(taken)
                    + "; give it another name"))
        .stream();
  }

  static String describe(LinkFacts link) {
    return (link.kind().isEmpty() ? "link " : link.kind() + " ") + link.ref();
  }
}
