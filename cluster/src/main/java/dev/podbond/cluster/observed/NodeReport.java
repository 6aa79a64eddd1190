package dev.podbond.cluster.observed;

import dev.podbond.cluster.nodestate.WriteSchedule;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a node reports of its bonds and PFs: the status of its BondNodeState, in the little that
/// decisions need.
///
/// @param pfs by address
/// @param uplinkStorm why none of the PFs' uplinks counts, in a storm; "" if there is none
/// @param bonds by the `namespace/name` of their pods
public record NodeReport(
    String node,
    Map<String, ObservedPf> pfs,
    String uplinkStorm,
    Map<String, List<ObservedBond>> bonds) {
  /// The size limit of a status: 512 bonds of eight members each are below it.
  public static final JsonLimits LIMITS = new JsonLimits(1 << 20, 50_000);

  /// After this time a node has reported, at the latest, what came shortly after it had reported
  /// something else.
  static final Duration SECOND_WRITE = WriteSchedule.SHORTEST_GAP.plus(WriteSchedule.MOST_SPREAD);

  private static final int MAX_BONDS = 512;
  private static final int MAX_PFS = 64;

  public NodeReport {
    pfs = Map.copyOf(pfs);
    bonds = Map.copyOf(bonds);
  }

  /// The report in a BondNodeState.
  ///
  /// @param node the object's name
  public static NodeReport of(String node, JsonObject status) {
    return new NodeReport(
        node,
        LenientObject.objects(status, "pfs").stream()
            .limit(MAX_PFS)
            .map(ObservedPf::of)
            .collect(Collectors.toMap(ObservedPf::pciAddress, pf -> pf, (first, _) -> first)),
        Texts.of(status, "uplinkStorm"),
        LenientObject.objects(status, "bonds").stream()
            .limit(MAX_BONDS)
            .map(ObservedBond::of)
            .collect(
                Collectors.groupingBy(
                    bond -> bond.namespace() + "/" + bond.pod(), Collectors.toUnmodifiableList())));
  }

  /// Its approximate size in memory, in bytes.
  public int cost() {
    return 200
        + uplinkStorm.length()
        + pfs.values().stream().mapToInt(ObservedPf::cost).sum()
        + bonds.values().stream().flatMap(List::stream).mapToInt(ObservedBond::cost).sum();
  }

  /// The bonds of this very pod, and not of an earlier one of the same name.
  List<ObservedBond> of(BondedPod pod) {
    return bonds.getOrDefault(pod.path(), List.of()).stream()
        .filter(bond -> bond.podUid().isEmpty() || bond.podUid().equals(pod.uid()))
        .toList();
  }
}
