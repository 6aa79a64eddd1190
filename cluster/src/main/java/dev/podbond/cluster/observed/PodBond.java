package dev.podbond.cluster.observed;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A bond that a pod has of a BondNetwork.
///
/// @param pod its `namespace/name`
public record PodBond(String pod, String node, ObservedBond bond) {
  /// Those of a BondNetwork that nodes report.
  ///
  /// @param network its `namespace/name`
  /// @param reports a node's report; empty if the node is silent
  public static List<PodBond> of(
      String network, Collection<BondedPod> pods, Function<String, Optional<NodeReport>> reports) {
    return pods.stream()
        .flatMap(pod ->
            reports.apply(pod.node()).stream()
                .map(report -> report.of(pod))
                .flatMap(bonds ->
                    pod.uses().stream()
                        .filter(use -> use.network().equals(network))
                        .flatMap(use -> use.among(bonds).stream()))
                .map(bond -> new PodBond(pod.path(), pod.node(), bond)))
        .toList();
  }

  /// As `demo/web bond0 on n1`.
  @Override
  public String toString() {
    return pod + " " + bond.bond() + " on " + node;
  }
}
