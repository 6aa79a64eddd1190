package dev.podbond.cluster.observed;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// A bond that a pod has of a BondNetwork.
///
/// @param pod its `namespace/name`
/// @param bond its interface in the pod; "" if its node is silent and the pod names none
/// @param grade what it survives
public record PodBond(String pod, String node, String bond, ObservedGrade grade) {
  /// Those of a BondNetwork that nodes report, and those of silent nodes, of which nothing is
  /// known. One that a node does not report is left out: it may just have been made.
  ///
  /// @param network its `namespace/name`
  /// @param reports a node's report; empty if the node is silent
  public static List<PodBond> of(
      String network, Collection<BondedPod> pods, Function<String, Optional<NodeReport>> reports) {
    return pods.stream().flatMap(pod -> of(network, pod, reports.apply(pod.node()))).toList();
  }

  private static Stream<PodBond> of(String network, BondedPod pod, Optional<NodeReport> report) {
    Stream<BondUse> uses = pod.uses().stream().filter(use -> use.network().equals(network));
    if (report.isEmpty()) {
      return uses.map(
          use -> new PodBond(pod.path(), pod.node(), use.interfaceName(), ObservedGrade.UNKNOWN));
    }
    List<ObservedBond> bonds = report.get().of(pod);
    return uses.flatMap(use -> use.among(bonds).stream())
        .map(bond -> new PodBond(pod.path(), pod.node(), bond.bond(), bond.grade()));
  }

  /// As `demo/web bond0 on n1`.
  @Override
  public String toString() {
    return pod + (bond.isEmpty() ? "" : " " + bond) + " on " + node;
  }
}
