package dev.podbond.bonding.preflight;

import dev.podbond.bonding.option.FailOverMac;
import dev.podbond.value.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Which member has to take a MAC that is not its own, and whether its PF allows that.
///
/// Measured with VFs whose PF holds a MAC for them, with trust off: in every mode that shares one
/// MAC, and in balance-tlb and balance-alb, the second member cannot join (EADDRNOTAVAIL). With
/// failOverMac follow it joins, and loses all traffic at the first failover. Only active-backup
/// with failOverMac active works. With trust on, everything works. A VF may also take any MAC as
/// long as no MAC was set through its PF. But we cannot detect that: the PF then shows the VF's own
/// choice in the same way. The SR-IOV Network Operator's set-up always sets a MAC, so we assume
/// that one is set.
final class MacRules {
  static final List<BondRule> ALL =
      List.of(
          BondRule.forEach(MacRules::mayTakeForeignMac),
          BondRule.forEach(MacRules::passesSpoofCheck),
          BondRule.forEach(MacRules::hasTheMacItsPfExpects),
          MacRules::requestedMacLasts);

  private MacRules() {}

  /// Why the member would get another MAC; empty if it keeps its own, which is also so if the bond
  /// takes exactly that MAC.
  private static Optional<String> foreignMac(ResolvedMember member, PreflightInput request) {
    return ForeignMac.of(request.mode(), request.failOverMac())
        .filter(_ -> !givesItsOwn(member, request));
  }

  private static boolean givesItsOwn(ResolvedMember member, PreflightInput request) {
    Optional<MacAddress> bondMac = bondMac(request);
    return request.mode().sharesOneMac()
        && request.failOverMac() == FailOverMac.NONE
        && bondMac.isPresent()
        && bondMac.equals(member.ownMac());
  }

  private static Optional<MacAddress> bondMac(PreflightInput request) {
    return request
        .config()
        .mac()
        .or(() -> request.members().stream().findFirst().flatMap(ResolvedMember::ownMac));
  }

  private static Set<VfConcern> concerns(ResolvedMember member, PreflightInput request) {
    return member.vf().isEmpty()
        ? Set.of()
        : VfConcern.of(request.config(), member, foreignMac(member, request).isPresent());
  }

  private static Stream<Finding> mayTakeForeignMac(ResolvedMember member, PreflightInput request) {
    Optional<String> foreign = foreignMac(member, request);
    if (foreign.isEmpty() || !concerns(member, request).contains(VfConcern.UNTRUSTED)) {
      return Stream.empty();
    }
    if (member.adminMac().isEmpty()) {
      return Stream.of(
          Finding.warning(
              member.label(),
              "trust is off, and it has to take "
                  + foreign.get()
                  + ", which some NICs then refuse; "
                  + trustOn(member)));
    }
    return Stream.of(
        Finding.refusal(
            member.label(),
            "trust is off and its PF holds the MAC "
                + member.adminMac().get()
                + " for it, so it may not take "
                + foreign.get()
                + (request.failOverMac() == FailOverMac.FOLLOW
                    ? " (a failover would lose all traffic without an error)"
                    : "")
                + "; "
                + trustOn(member)
                + ", or use active-backup with failOverMac 1"));
  }

  private static String trustOn(ResolvedMember member) {
    var ref = PreflightInput.vf(member).ref();
    return "set trust: on for it (spec.trust: \"on\" in its SriovNetwork; by hand: ip link set "
        + ref.pf()
        + " vf "
        + ref.index()
        + " trust on)";
  }

  private static Stream<Finding> passesSpoofCheck(ResolvedMember member, PreflightInput request) {
    Optional<String> foreign = foreignMac(member, request);
    if (foreign.isEmpty() || !concerns(member, request).contains(VfConcern.SPOOF_CHECKED)) {
      return Stream.empty();
    }
    return Stream.of(
        Finding.warning(
            member.label(),
            "its spoof check is on, and it has to take "
                + foreign.get()
                + ": some NICs then drop what it sends; set spoofChk: \"off\" in its SriovNetwork"
                + " if frames are lost"));
  }

  /// Measured: both members join, the bond is up, and every frame is lost. igbvf adopts a new
  /// administrative MAC only when its link goes down, not when it comes up.
  private static Stream<Finding> hasTheMacItsPfExpects(
      ResolvedMember member, PreflightInput request) {
    Optional<MacAddress> admin = member.adminMac();
    Optional<MacAddress> own = member.ownMac();
    if (admin.isEmpty() || own.isEmpty() || admin.equals(own)) {
      return Stream.empty();
    }
    return Stream.of(
        Finding.refusal(
            member.label(),
            "its PF holds the MAC "
                + admin.get()
                + " for it and it still has "
                + own.get()
                + ", so the bond would come up and every frame be lost; set the VF's link up and"
                + " then down, so that its driver takes over the MAC, or set mac: \""
                + own.get()
                + "\" for the VF"));
  }

  private static Stream<Finding> requestedMacLasts(PreflightInput request) {
    return request.failOverMac() == FailOverMac.ACTIVE && request.config().mac().isPresent()
        ? Stream.of(
            Finding.warning(
                request.bond(),
                "the MAC "
                    + request.config().mac().get()
                    + " is asked for, but with failOverMac active the kernel gives the bond that of"
                    + " its active member; request the MAC for the members' networks, or set"
                    + " failOverMac to 0 with trust: on"))
        : Stream.empty();
  }
}
