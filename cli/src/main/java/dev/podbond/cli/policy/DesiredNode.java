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

/// Merges policies into the required state of each PF, by the rules of the SR-IOV Network Operator.
/// The strongest priority wins. Other policies add their groups if these neither overlap nor share
/// the resource; then the largest number of VFs and the largest MTU count.
public final class DesiredNode {
  /// Weakest first, so that each policy overrides those before it.
  private static final Comparator<NodePolicy> WEAKEST_FIRST =
      Comparator.comparingInt(NodePolicy::priority)
          .reversed()
          .thenComparing(policy -> policy.key().name());

  private DesiredNode() {}

  /// The required state of each PF that a policy selects, in the order of the PFs.
  public static List<DesiredPf> of(Collection<NodePolicy> policies, List<PfDevice> pfs) {
    List<NodePolicy> ordered = policies.stream().sorted(WEAKEST_FIRST).toList();
    List<DesiredPf> desiredPfs = new ArrayList<>();
    for (PfDevice pf : pfs) {
      ordered.stream()
          .filter(policy -> selects(policy.nicSelector(), pf))
          .map(policy -> new Ranked(desired(policy, pf), policy.priority()))
          .reduce(DesiredNode::layOver)
          .ifPresent(merged -> desiredPfs.add(merged.desired()));
    }
    return List.copyOf(desiredPfs);
  }

  /// Whether a selector selects this PF.
  public static boolean selects(NicSelector selector, PfDevice pf) {
    return (selector.vendorId().isEmpty() || selector.vendorId().getAsInt() == pf.vendorId())
        && (selector.deviceId().isEmpty() || selector.deviceId().getAsInt() == pf.deviceId())
        && (selector.rootDevices().isEmpty() || selector.rootDevices().contains(pf.pci()))
        && (selector.pfNames().isEmpty()
            || selector.pfNames().stream().anyMatch(name -> name.pf().equals(pf.name())));
  }

  /// The VFs of a PF that a policy selects.
  static VfRange range(NodePolicy policy, PfDevice pf) {
    return policy.nicSelector().pfNames().stream()
        .filter(name -> name.pf().equals(pf.name()))
        .findFirst()
        .flatMap(PfName::range)
        .orElse(VfRange.all(policy.numVfs()));
  }

  private record Ranked(DesiredPf desired, int priority) {}

  private static DesiredPf desired(NodePolicy policy, PfDevice pf) {
    DesiredVfs group =
        new DesiredVfs(policy.resourceName(), policy.key(), range(policy, pf), policy.mtuBytes());
    return new DesiredPf(
        pf, policy.numVfs(), policy.mtuBytes(), List.of(group), policy.externallyManaged());
  }

  private static Ranked layOver(Ranked below, Ranked above) {
    DesiredVfs top = above.desired().groups().getFirst();
    List<DesiredVfs> kept =
        below.desired().groups().stream()
            .filter(group ->
                !group.resourceName().equals(top.resourceName())
                    && !group.range().overlaps(top.range()))
            .toList();
    boolean external = above.desired().externallyManaged() || below.desired().externallyManaged();
    boolean alone = kept.isEmpty() && above.priority() != below.priority();
    return new Ranked(
        new DesiredPf(
            above.desired().pf(),
            alone
                ? above.desired().numVfs()
                : Math.max(above.desired().numVfs(), below.desired().numVfs()),
            alone
                ? above.desired().mtuBytes()
                : max(above.desired().mtuBytes(), below.desired().mtuBytes()),
            Stream.concat(Stream.of(top), kept.stream()).toList(),
            external),
        above.priority());
  }

  private static OptionalInt max(OptionalInt one, OptionalInt other) {
    return one.orElse(0) >= other.orElse(0) ? one : other;
  }
}
