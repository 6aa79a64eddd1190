package dev.podbond.cli.map;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cli.bond.KnownUpstream;
import dev.podbond.cli.bond.NodeBonds;
import dev.podbond.cluster.observed.Health;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a picture shows.
///
/// @param health how many bonds there are of each health, those that are left out among them
/// @param leftOut how many bonds have no room in the picture
public record Topology(List<Node> nodes, Map<Health, Integer> health, int leftOut) {
  /// More would be too much for a browser. The worst are drawn.
  static final int MOST_BONDS = 2000;

  /// A node has a few; a hostile answer may name any number.
  static final int MOST_PFS = 64;

  public Topology {
    nodes = List.copyOf(nodes);
    health = Map.copyOf(health);
  }

  /// One node.
  ///
  /// @param pods the worst first
  public record Node(String name, List<Card> cards, List<Pod> pods) {
    public Node {
      cards = List.copyOf(cards);
      pods = List.copyOf(pods);
    }
  }

  /// One card.
  ///
  /// @param pci its PCI address without a function; empty if it is not known
  public record Card(String pci, List<Pf> pfs) {
    public Card {
      pfs = List.copyOf(pfs);
    }
  }

  /// One PF.
  ///
  /// @param members how many members of bonds are on it
  /// @param up how many of them are up
  /// @param upstream what is behind its cable, if anybody says
  public record Pf(KnownPf pf, int members, int up, Optional<KnownUpstream> upstream) {
    /// Whether nothing on it is up.
    public boolean isLost() {
      return members > 0 && up == 0;
    }

    /// Whether traffic that leaves by it is lost, although members on it are up.
    public boolean isDeadEnd() {
      return !isLost() && upstream.filter(KnownUpstream::isBad).isPresent();
    }
  }

  /// One pod, or a container without one.
  ///
  /// @param health that of its worst bond
  public record Pod(String name, Health health, List<KnownBond> bonds) {
    public Pod {
      bonds = List.copyOf(bonds);
    }
  }

  /// The topology of these nodes' bonds.
  public static Topology of(List<NodeBonds> all) {
    Map<Health, Integer> health = new TreeMap<>();
    int bonds = 0;
    for (NodeBonds one : all) {
      for (KnownBond bond : one.bonds()) {
        health.merge(bond.health(), 1, Integer::sum);
        bonds++;
      }
    }
    List<Node> nodes = new ArrayList<>();
    int room = MOST_BONDS;
    for (NodeBonds one : all) {
      List<KnownBond> drawn =
          one.bonds().stream()
              .sorted(Comparator.comparing(KnownBond::health).thenComparing(KnownBond::pod))
              .limit(room)
              .toList();
      room -= drawn.size();
      nodes.add(new Node(one.node(), cards(one.with(drawn)), pods(drawn)));
    }
    return new Topology(nodes, health, bonds - (MOST_BONDS - room));
  }

  private static List<Card> cards(NodeBonds node) {
    Map<KnownPf, Pf> pfs = new TreeMap<>();
    for (KnownBond bond : node.bonds()) {
      for (KnownMember member : bond.members()) {
        member
            .pf()
            .ifPresent(pf ->
                pfs.merge(
                    pf,
                    new Pf(pf, 1, member.isUp() ? 1 : 0, Optional.empty()),
                    (one, more) ->
                        new Pf(
                            pf,
                            one.members() + more.members(),
                            one.up() + more.up(),
                            Optional.empty())));
      }
    }
    Map<String, List<Pf>> cards = new LinkedHashMap<>();
    pfs.values().stream()
        .limit(MOST_PFS)
        .map(pf -> new Pf(pf.pf(), pf.members(), pf.up(), node.upstream(pf.pf())))
        .forEach(pf -> cards.computeIfAbsent(pf.pf().card(), _ -> new ArrayList<>()).add(pf));
    List<Card> all = new ArrayList<>();
    cards.forEach((pci, ofCard) -> all.add(new Card(pci, ofCard)));
    return all;
  }

  private static List<Pod> pods(List<KnownBond> bonds) {
    Map<String, List<KnownBond>> pods = new TreeMap<>();
    // Two containers may say that they are the same pod.
    bonds.forEach(bond ->
        pods.computeIfAbsent(bond.pod() + "\n" + bond.container(), _ -> new ArrayList<>())
            .add(bond));
    return pods.values().stream()
        .map(ofPod ->
            new Pod(
                ofPod.getFirst().pod(),
                ofPod.stream().map(KnownBond::health).min(Comparator.naturalOrder()).orElseThrow(),
                ofPod.stream().sorted(Comparator.comparing(KnownBond::bond)).toList()))
        .sorted(Comparator.comparing(Pod::health).thenComparing(Pod::name))
        .toList();
  }
}
