package dev.podbond.cluster.observed;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// What was seen of one node's bonds and PFs, and what was told of them. It is immutable; each look
/// makes the next one. With the same report and the same pods, looks decide nothing new, however
/// many there are.
public final class ReportedNode {
  /// Of a node that was not looked at yet.
  public static final ReportedNode NEW =
      new ReportedNode(Map.of(), Map.of(), Optional.empty(), Budget.NEW);

  private final Map<String, PfTrack> pfs;
  private final Map<String, BondTrack> bonds;
  private final Optional<StormTrack> storm;
  private final Budget budget;

  /// @param pfs by address
  /// @param bonds by their pod's UID and their interface
  /// @param storm empty if nobody has looked yet
  ReportedNode(
      Map<String, PfTrack> pfs,
      Map<String, BondTrack> bonds,
      Optional<StormTrack> storm,
      Budget budget) {
    this.pfs = Map.copyOf(pfs);
    this.bonds = Map.copyOf(bonds);
    this.storm = storm;
    this.budget = budget;
  }

  Map<String, PfTrack> pfs() {
    return pfs;
  }

  Map<String, BondTrack> bonds() {
    return bonds;
  }

  Optional<StormTrack> storm() {
    return storm;
  }

  Budget budget() {
    return budget;
  }

  /// Looks at a node that is not silent. Do not look at one that is: everything then stays as it
  /// is.
  ///
  /// @param pods all pods of this node that may have bonds
  public Look look(NodeReport report, Collection<BondedPod> pods, Instant now) {
    return new NodeLook(this, report, now).at(pods);
  }
}
