package dev.podbond.bonding.preflight;

import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import java.util.List;
import java.util.stream.Stream;

/// Whether the bond will notice a dead cable, and whether a cable is dead now.
final class CarrierRules {
  static final List<BondRule> ALL =
      List.of(
          CarrierRules::isMonitored,
          BondRule.forEach(CarrierRules::linkState),
          BondRule.forEach(CarrierRules::pfCarrier),
          BondRule.forEach(CarrierRules::ownCarrier));

  private CarrierRules() {}

  /// In 802.3ad, balance-tlb and balance-alb the kernel sets miimon to 100 unless told 0.
  private static Stream<Finding> isMonitored(PreflightInput request) {
    boolean kernelMonitors =
        !BondOption.ARP_INTERVAL.modes().accepted().contains(request.mode())
            && !request.isGiven(BondOption.MIIMON);
    return request.number(BondOption.MIIMON) == 0
            && !VfConcern.isMonitoredByArp(request.config())
            && !kernelMonitors
        ? Stream.of(
            Finding.warning(
                request.bond(),
                "no link monitoring: with miimon 0 a dead member is never noticed; set miimon to"
                    + " 100"
                    + (request.mode() == BondMode.LACP ? "" : ", or arpInterval and arpIpTarget")))
        : Stream.empty();
  }

  private static Stream<Finding> linkState(ResolvedMember member, PreflightInput request) {
    return VfConcern.of(request.config(), member, false).stream()
        .map(concern ->
            Finding.warning(
                member.label(),
                concern == VfConcern.LINK_DISABLED
                    ? "its link state is disable: it has no carrier and the bond comes up"
                        + " without it; set linkState: auto in its SriovNetwork, unless a"
                        + " PF status relay has disabled it and is going to enable it"
                    : "its link state is enable: it keeps its carrier when the PF's"
                        + " cable is dead, and the bond would not fail over; set"
                        + " linkState: auto in its SriovNetwork"));
  }

  private static Stream<Finding> pfCarrier(ResolvedMember member, PreflightInput request) {
    return member.vf().stream().flatMap(vf -> pfCarrier(member.label(), vf.pf()));
  }

  static Stream<Finding> pfCarrier(String subject, PfFacts pf) {
    if (!pf.up()) {
      return Stream.of(
          Finding.warning(
              subject,
              "PF "
                  + pf.name()
                  + " is down, so the VF has no carrier; ip link set "
                  + pf.name()
                  + " up"));
    }
    return pf.carrier()
        ? Stream.empty()
        : Stream.of(
            Finding.warning(
                subject, "PF " + pf.name() + " has no carrier; look at its cable and switch port"));
  }

  /// Says nothing about a link that is down, since its carrier is unknown.
  private static Stream<Finding> ownCarrier(ResolvedMember member, PreflightInput request) {
    return member.vf().isEmpty()
            && member.link().filter(link -> link.up() && !link.carrier()).isPresent()
        ? Stream.of(
            Finding.warning(
                member.label(), "it is up and has no carrier; the bond comes up without it"))
        : Stream.empty();
  }
}
