package dev.podbond.cli.policy;

import dev.podbond.cluster.object.NicSelector;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.PfName;
import dev.podbond.cluster.object.VfRange;
import dev.podbond.node.sysfs.PfDevice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Merges policies into what each PF is to have, by the rules of the SR-IOV Network Operator: the
/// strongest priority wins, others add their groups where they neither overlap nor share the
/// resource, and then the largest number of VFs and the largest MTU count.
public final class NodeDemand {
  /// Weakest first, so that each policy is laid over those before it.
  private static final Comparator<NodePolicy> WEAKEST_FIRST =
      Comparator.comparingInt(NodePolicy::priority)
          .reversed()
          .thenComparing(policy -> policy.key().name());

  private NodeDemand() {}

  /// What the policies want of each PF that any of them selects, in the order of the PFs.
  public static List<PfDemand> of(Collection<NodePolicy> policies, List<PfDevice> pfs) {
    List<NodePolicy> ordered = policies.stream().sorted(WEAKEST_FIRST).toList();
    List<PfDemand> demands = new ArrayList<>();
    for (PfDevice pf : pfs) {
      ordered.stream()
          .filter(policy -> selects(policy.nicSelector(), pf))
          .map(policy -> new Ranked(demand(policy, pf), policy.priority()))
          .reduce(NodeDemand::layOver)
          .ifPresent(merged -> demands.add(merged.demand()));
    }
    return List.copyOf(demands);
  }

  /// Whether a selector means this PF.
  public static boolean selects(NicSelector selector, PfDevice pf) {
    return (selector.vendorId().isEmpty() || selector.vendorId().getAsInt() == pf.vendorId())
        && (selector.deviceId().isEmpty() || selector.deviceId().getAsInt() == pf.deviceId())
        && (selector.rootDevices().isEmpty() || selector.rootDevices().contains(pf.pci()))
        && (selector.pfNames().isEmpty()
            || selector.pfNames().stream().anyMatch(name -> name.pf().equals(pf.name())));
  }

  /// The VFs of a PF that a policy means.
  static VfRange range(NodePolicy policy, PfDevice pf) {
    return policy.nicSelector().pfNames().stream()
        .filter(name -> name.pf().equals(pf.name()))
        .findFirst()
        .flatMap(PfName::range)
        .orElse(VfRange.all(policy.numVfs()));
  }

  private record Ranked(PfDemand demand, int priority) {}

  private static PfDemand demand(NodePolicy policy, PfDevice pf) {
    VfGroup group =
        new VfGroup(policy.resourceName(), policy.key(), range(policy, pf), policy.mtuBytes());
    return new PfDemand(
        pf, policy.numVfs(), policy.mtuBytes(), List.of(group), policy.externallyManaged());
  }

  private static Ranked layOver(Ranked below, Ranked above) {
    VfGroup top = above.demand().groups().getFirst();
    List<VfGroup> kept =
        below.demand().groups().stream()
            .filter(group ->
                !group.resourceName().equals(top.resourceName())
                    && !group.range().overlaps(top.range()))
            .toList();
    boolean external = above.demand().externallyManaged() || below.demand().externallyManaged();
    boolean alone = kept.isEmpty() && above.priority() != below.priority();
    return new Ranked(
        new PfDemand(
            above.demand().pf(),
            alone
                ? above.demand().numVfs()
                : Math.max(above.demand().numVfs(), below.demand().numVfs()),
            alone
                ? above.demand().mtuBytes()
                : max(above.demand().mtuBytes(), below.demand().mtuBytes()),
            Stream.concat(Stream.of(top), kept.stream()).toList(),
            external),
        above.priority());
  }

  private static OptionalInt max(OptionalInt one, OptionalInt other) {
    return one.orElse(0) >= other.orElse(0) ? one : other;
  }
}
