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
        .map(name -> Finding.refusal(member.label(), bothOfOneName(name, member, request)))
        .limit(1);
  }

  /// Multus counts its names through a pod's list. So a bond that is listed first is to be called
  /// `net1`, as the first of its members would be if it were listed last.
  private static String bothOfOneName(String name, ResolvedMember member, PreflightInput request) {
    String both = "it is to be a member of the bond and the bond itself is to be called " + name;
    return request.config().linksInContainer() && member.link().isEmpty()
        ? both
            + ", since the bond's network attachment is listed before its members' in the pod's"
            + " annotation; list it after them"
        : both + "; name other links, or give the bond another name in the pod's annotation";
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
