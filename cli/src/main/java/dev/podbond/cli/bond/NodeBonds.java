package dev.podbond.cli.bond;

import dev.podbond.bonding.state.Cause;
import dev.podbond.cluster.observed.Health;
import dev.podbond.value.PciAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The bonds of one node.
///
/// @param node its name; may be empty if it is the only one
/// @param carriers whether its PFs have a carrier, as far as that is known
/// @param upstreams what is known of the networks behind its PFs
public record NodeBonds(
    String node,
    List<KnownBond> bonds,
    Map<KnownPf, Boolean> carriers,
    List<KnownUpstream> upstreams) {
  public NodeBonds {
    bonds = List.copyOf(bonds);
    carriers = Map.copyOf(carriers);
    upstreams = List.copyOf(upstreams);
  }

  /// The bonds of a node of which nobody says what is behind its PFs.
  public NodeBonds(String node, List<KnownBond> bonds, Map<KnownPf, Boolean> carriers) {
    this(node, bonds, carriers, List.of());
  }

  /// The bonds of a node of whose PFs nothing else is known.
  public NodeBonds(String node, List<KnownBond> bonds) {
    this(node, bonds, Map.of());
  }

  /// The bonds of this node, as its agent knows them.
  public static NodeBonds of(KnownBonds known) {
    return new NodeBonds("", known.bonds(), Map.of(), known.upstreams());
  }

  /// The bonds of this node.
  ///
  /// @param carriers what the kernel says of its PFs
  public static NodeBonds ofThisNode(KnownBonds known, Cause.PfCarriers carriers) {
    Map<KnownPf, Boolean> told = new HashMap<>();
    for (KnownPf pf : known.pfs()) {
      PciAddress.parse(pf.pci()).flatMap(carriers::of).ifPresent(carrier -> told.put(pf, carrier));
    }
    return new NodeBonds("", known.bonds(), told, known.upstreams());
  }

  /// The same node with these of its bonds.
  public NodeBonds with(List<KnownBond> some) {
    return new NodeBonds(node, some, carriers, upstreams);
  }

  /// Whether a PF has a carrier; empty if that is not known.
  public Optional<Boolean> carrier(KnownPf pf) {
    return Optional.ofNullable(carriers.get(pf));
  }

  /// What is behind a PF's cable; empty if nobody says.
  public Optional<KnownUpstream> upstream(KnownPf pf) {
    return upstreams.stream().filter(upstream -> upstream.isOf(pf)).findFirst();
  }

  Health worst() {
    return bonds.stream()
        .map(KnownBond::health)
        .min(Comparator.naturalOrder())
        .orElse(Health.HEALTHY);
  }
}
