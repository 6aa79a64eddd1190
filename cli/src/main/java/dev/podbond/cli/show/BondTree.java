package dev.podbond.cli.show;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cli.bond.NodeBonds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What hangs on what, in the layout and the words of `kubectl bond tree`: from a node over its PFs
/// to members, their bonds and pods, the worst first.
///
/// @param strokes what its lines are made of
public record BondTree(Strokes strokes) {
  private static final String THIS_NODE = "this node";

  /// What the lines of a tree are made of.
  public enum Strokes {
    /// Box-drawing characters.
    LINES("\u251c\u2500 ", "\u2514\u2500 ", "\u2502  "),
    /// For a terminal that shows no others.
    ASCII("|- ", "`- ", "|  ");

    private final String fork;
    private final String corner;
    private final String bar;

    Strokes(String fork, String corner, String bar) {
      this.fork = fork;
      this.corner = corner;
      this.bar = bar;
    }
  }

  /// The lines of one node.
  ///
  /// @param shown which members it shows, by their PFs; the PF of some is not known
  public List<String> lines(NodeBonds node, Predicate<Optional<KnownPf>> shown) {
    Map<Optional<KnownPf>, List<String>> leaves = new LinkedHashMap<>();
    node.bonds().stream()
        .sorted(
            Comparator.comparing(KnownBond::health)
                .thenComparing(KnownBond::pod)
                .thenComparing(KnownBond::bond))
        .forEach(bond -> add(bond, shown, leaves));
    List<String> lines = new ArrayList<>();
    lines.add(node.node().isEmpty() ? THIS_NODE : node.node());
    int left = leaves.size();
    for (Map.Entry<Optional<KnownPf>, List<String>> branch : leaves.entrySet()) {
      left--;
      lines.add((left == 0 ? strokes.corner : strokes.fork) + title(branch.getKey(), node));
      int leavesLeft = branch.getValue().size();
      for (String leaf : branch.getValue()) {
        leavesLeft--;
        lines.add(
            (left == 0 ? "   " : strokes.bar)
                + (leavesLeft == 0 ? strokes.corner : strokes.fork)
                + leaf);
      }
    }
    return lines;
  }

  private static void add(
      KnownBond bond,
      Predicate<Optional<KnownPf>> shown,
      Map<Optional<KnownPf>, List<String>> leaves) {
    String owner = bond.bond() + " of " + bond.pod() + "  " + bond.health();
    for (KnownMember member : bond.members()) {
      if (shown.test(member.pf())) {
        String vf = member.pci().isEmpty() ? "-" : member.pci();
        leaves
            .computeIfAbsent(member.pf(), _ -> new ArrayList<>())
            .add(vf + "  " + member.name() + " " + member.state() + "  " + owner);
      }
    }
    if (bond.members().isEmpty() && shown.test(Optional.empty())) {
      leaves.computeIfAbsent(Optional.empty(), _ -> new ArrayList<>()).add(owner);
    }
  }

  private static String title(Optional<KnownPf> pf, NodeBonds node) {
    return pf.map(known -> "PF " + known + carrier(node.carrier(known)))
        .orElse("no PF that is known");
  }

  private static String carrier(Optional<Boolean> carrier) {
    return carrier.map(there -> there ? "  carrier" : "  no carrier").orElse("");
  }
}
