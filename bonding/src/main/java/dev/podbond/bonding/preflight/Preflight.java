package dev.podbond.bonding.preflight;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.value.IpPrefix;
import java.util.List;
import java.util.stream.Stream;

/// All findings: those about the node before anything is touched, those about the addresses once
/// IPAM has given them. A configuration that cannot work is a [Severity#REFUSAL]; one that works
/// but is unwise is a [Severity#WARNING].
///
/// The rules rest on measurements with the real driver and real VFs, not on what a NIC promises. A
/// value that a NIC does not report is never a reason to refuse.
public final class Preflight {
  private static final List<BondRule> BOND_RULES =
      Stream.of(
              NameRules.ALL,
              MemberRules.ALL,
              TypeRules.ALL,
              MacRules.ALL,
              MtuRules.ALL,
              CarrierRules.ALL,
              RedundancyRules.ALL,
              OptionEffects.ALL)
          .flatMap(List::stream)
          .toList();

  private Preflight() {}

  /// The findings about making this bond now, in the order of the rules.
  public static List<Finding> findings(BondConfig config, BondNames names, NodeFacts facts) {
    PreflightInput request = PreflightInput.of(config, names, facts);
    return BOND_RULES.stream().flatMap(rule -> rule.check(request)).distinct().toList();
  }

  /// The findings about this bond after IPAM has given it addresses and routes.
  public static List<Finding> findings(
      BondConfig config, BondNames names, List<IpPrefix> addresses, List<Route> routes) {
    return TargetRules.check(config, names, addresses, routes).toList();
  }

  /// The findings about moving this VF into the pod now.
  ///
  /// @param podName its future name there, CNI_IFNAME
  public static List<Finding> findings(SriovConfig config, String podName, NodeFacts facts) {
    return VfRules.check(config, podName, facts).distinct().toList();
  }

  /// The reasons against a plan that moves links off the host, whoever made the plan: the node uses
  /// them.
  ///
  /// @param facts with what the host uses its links for
  public static List<Finding> findings(Plan plan, NodeFacts facts) {
    return plan.steps().stream()
        .map(Step::change)
        .filter(Change.Move.class::isInstance)
        .map(Change.Move.class::cast)
        .flatMap(move -> facts.links().stream().filter(link -> link.ref().equals(move.link())))
        .flatMap(link -> HostLinkRules.check(link.ref().toString(), link, facts))
        .toList();
  }

  /// The findings about making this VLAN on a bond of the pod now.
  ///
  /// @param podName its future name there, CNI_IFNAME
  public static List<Finding> findings(VlanConfig config, String podName, NodeFacts facts) {
    return VlanRules.check(config, podName, facts).toList();
  }

  /// What this bond would survive with all its members up, by the PCI addresses of their PFs, and
  /// by the host's bonds that they are in.
  public static Survival survival(BondConfig config, BondNames names, NodeFacts facts) {
    PreflightInput request = PreflightInput.of(config, names, facts);
    return request.isMonitored()
        ? Survival.of(
            request.members().stream()
                .map(member -> member.vf().map(vf -> vf.pf().place()))
                .toList())
        : Survival.unmonitored();
  }

  /// The findings that forbid the attachment.
  ///
  /// @param strict whether warnings forbid it too
  public static List<Finding> refusals(List<Finding> findings, boolean strict) {
    return findings.stream()
        .filter(finding -> strict || finding.severity() == Severity.REFUSAL)
        .toList();
  }
}
