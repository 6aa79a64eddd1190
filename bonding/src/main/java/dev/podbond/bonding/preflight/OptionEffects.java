package dev.podbond.bonding.preflight;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.ModeRule;
import dev.podbond.bonding.option.OptionValue;
import java.util.List;
import java.util.stream.Stream;

/// Options that the kernel accepts but does not use, or will soon refuse.
final class OptionEffects {
  private static final List<BondOption> ARP_OPTIONS =
      List.of(
          BondOption.ARP_IP_TARGET,
          BondOption.NS_IP6_TARGET,
          BondOption.ARP_ALL_TARGETS,
          BondOption.ARP_MISSED_MAX);

  static final List<BondRule> ALL =
      List.of(
          OptionEffects::worksInMode,
          OptionEffects::hashPolicyWorksInAlb,
          OptionEffects::arpOptionsHaveArpMonitoring,
          OptionEffects::reselectHasPrimary,
          BondRule.forEach(OptionEffects::priorityHasNoPrimary),
          OptionEffects::carrierIsUsed);

  private OptionEffects() {}

  private static Stream<Finding> worksInMode(PreflightInput request) {
    return request.config().options().values().entrySet().stream()
        .filter(given -> !given.getKey().modes().effective().contains(request.mode()))
        .filter(given -> !isDefault(given.getKey(), given.getValue()))
        .map(given ->
            Finding.warning(
                given.getKey().key(),
                given.getKey().show(given.getValue())
                    + " has no effect in mode "
                    + request.mode()
                    + ", only in "
                    + ModeRule.list(given.getKey().modes().effective())
                    + "; leave it out"));
  }

  private static boolean isDefault(BondOption option, OptionValue value) {
    return value.equals(new OptionValue.Number(option.defaultNumber()));
  }

  private static Stream<Finding> hashPolicyWorksInAlb(PreflightInput request) {
    return request.mode() == BondMode.BALANCE_ALB
            && request.number(BondOption.XMIT_HASH_POLICY) != 0
            && request.number(BondOption.TLB_DYNAMIC_LB) != 0
        ? Stream.of(
            Finding.warning(
                BondOption.XMIT_HASH_POLICY.key(),
                "it has no effect in mode balance-alb unless tlbDynamicLb is 0; set that, or leave"
                    + " it out"))
        : Stream.empty();
  }

  private static Stream<Finding> arpOptionsHaveArpMonitoring(PreflightInput request) {
    return request.number(BondOption.ARP_INTERVAL) > 0
        ? Stream.empty()
        : ARP_OPTIONS.stream()
            .filter(request::isGiven)
            .map(option ->
                Finding.warning(
                    option.key(),
                    "it has no effect without ARP monitoring; set arpInterval instead of"
                        + " miimon, or leave it out"));
  }

  private static Stream<Finding> reselectHasPrimary(PreflightInput request) {
    return request.number(BondOption.PRIMARY_RESELECT) != 0
            && !request.isGiven(BondOption.PRIMARY)
            && request.members().stream()
                .allMatch(member -> member.spec().options().priority().isEmpty())
        ? Stream.of(
            Finding.warning(
                BondOption.PRIMARY_RESELECT.key(),
                "it has no effect without a primary; set primary, or prio for the links"))
        : Stream.empty();
  }

  private static Stream<Finding> priorityHasNoPrimary(
      ResolvedMember member, PreflightInput request) {
    return member.spec().options().priority().isPresent() && request.isGiven(BondOption.PRIMARY)
        ? Stream.of(
            Finding.warning(
                member.label(),
                "its prio has no effect while a primary is set; leave out one of them"))
        : Stream.empty();
  }

  private static Stream<Finding> carrierIsUsed(PreflightInput request) {
    return request.number(BondOption.USE_CARRIER) == 0
        ? Stream.of(
            Finding.warning(
                BondOption.USE_CARRIER.key(),
                "0 is obsolete, and kernels from 6.18 on refuse it; leave it out"))
        : Stream.empty();
  }
}
