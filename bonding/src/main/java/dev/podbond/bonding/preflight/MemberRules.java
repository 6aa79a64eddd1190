package dev.podbond.bonding.preflight;

import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.value.IpPrefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether every member exists and is free.
final class MemberRules {
  static final List<BondRule> ALL =
      List.of(
          BondRule.forEach(MemberRules::exists),
          MemberRules::isNamedOnce,
          BondRule.forEach(MemberRules::mayLeaveTheHost),
          BondRule.forEach(MemberRules::isFree),
          BondRule.forEach(MemberRules::isOfNoUseToTheHost),
          BondRule.forEach(MemberRules::hasNoAddresses));

  private MemberRules() {}

  private static Stream<Finding> exists(ResolvedMember member, PreflightInput request) {
    return switch (member.spec()) {
      case MemberSpec.Named named ->
          member.link().isPresent()
              ? Stream.empty()
              : Stream.of(Finding.refusal(named.name(), absence(named.name(), request)));
      case MemberSpec.Device _ ->
          deviceProblem(member).map(text -> Finding.refusal(member.label(), text)).stream();
    };
  }

  private static String absence(String name, PreflightInput request) {
    Place here = request.config().linksInContainer() ? Place.POD : Place.HOST;
    Place there = request.config().linksInContainer() ? Place.HOST : Place.POD;
    String missing = "there is no link of this name " + here.phrase();
    if (request.facts().link(there, name).isPresent()) {
      return missing
          + ", only "
          + there.phrase()
          + "; set linksInContainer to "
          + (there == Place.POD)
          + " if you mean that one";
    }
    return here == Place.POD
        ? missing
            + "; list the network attachments of its members before the bond's in the pod's"
            + " annotation, and use the names they get there (net1, net2, ...)"
        : missing + "; name an existing link, or a VF by its deviceID";
  }

  private static Optional<String> deviceProblem(ResolvedMember member) {
    if (member.vf().isEmpty()) {
      return Optional.of(
          "this node has no VF at this PCI address; deviceID must be that of a VF, as in"
              + " /sys/bus/pci/devices/*/physfn");
    }
    VfFacts vf = member.vf().get();
    if (vf.isUserspaceDriven()) {
      return Optional.of(
          "it is bound to "
              + vf.driver().orElse("")
              + " and has no network interface, so it cannot be a member of a kernel bond; use"
              + " deviceType netdevice in its SriovNetworkNodePolicy");
    }
    if (vf.driver().isEmpty()) {
      return Optional.of("no driver is bound to it; bind its kernel driver");
    }
    if (member.link().isEmpty()) {
      return Optional.of(
          "its network interface is neither on the host nor in this pod; another pod has it, or"
              + " its driver failed to make one");
    }
    return Optional.empty();
  }

  /// Two names, or a name and a PCI address, of one link.
  private static Stream<Finding> isNamedOnce(PreflightInput request) {
    Map<Object, ResolvedMember> first = new HashMap<>();
    return request.members().stream()
        .filter(member -> member.link().isPresent())
        .flatMap(member -> {
          ResolvedMember twin = first.putIfAbsent(member.link().get().ref(), member);
          return twin == null
              ? Stream.empty()
              : Stream.of(
                  Finding.refusal(
                      member.label(),
                      "it is the same link as "
                          + twin.spec().label()
                          + " ("
                          + member.link().get().ref()
                          + "); a bond needs different ones"));
        });
  }

  private static Stream<Finding> mayLeaveTheHost(ResolvedMember member, PreflightInput request) {
    return member.spec() instanceof MemberSpec.Named named
            && !request.config().linksInContainer()
            && !request.config().hostLinksAllowed()
        ? Stream.of(
            Finding.refusal(
                named.name(),
                "this node does not give its links to pods (allowHostLinks is false); let a network"
                    + " attachment bring the link into the pod and set linksInContainer to true, or"
                    + " name a VF by its deviceID"))
        : Stream.empty();
  }

  private static Stream<Finding> isFree(ResolvedMember member, PreflightInput request) {
    return member
        .link()
        .flatMap(LinkFacts::member)
        .map(master ->
            Finding.refusal(
                member.label(),
                "it is already a member of "
                    + masterName(master)
                    + "; the kernel would take it out of there without asking: release it, or"
                    + " name another link"))
        .stream();
  }

  private static String masterName(MemberFacts master) {
    return (master.masterKind() + " " + master.bond()).strip();
  }

  private static Stream<Finding> isOfNoUseToTheHost(ResolvedMember member, PreflightInput request) {
    return member.link().stream()
        .flatMap(link -> HostLinkRules.check(member.label(), link, request.facts()));
  }

  /// bond-cni makes such a bond, so this is only a warning: the bond works, the address does not.
  private static Stream<Finding> hasNoAddresses(ResolvedMember member, PreflightInput request) {
    String addresses =
        member.link().stream()
            .filter(link -> link.ref().place() == Place.POD)
            .flatMap(HostLinkRules::addresses)
            .map(IpPrefix::toString)
            .collect(Collectors.joining(", "));
    return addresses.isEmpty()
        ? Stream.empty()
        : Stream.of(
            Finding.warning(
                member.label(),
                "it has the address "
                    + addresses
                    + ", which does not work on a bond's member; remove ipam from its own network"
                    + " and give it to the bond"));
  }
}
