package dev.podbond.cli.map;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.bond.KnownPf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Where everything of a picture is, in pixels. Cards and PFs are at the left of their node; from
/// each PF a rail goes down, to which its members are tied. Each pod's part is as high as its
/// members need, and has coordinates of its own, so that a page may leave pods out and move the
/// others together.
///
/// @param scale how large rows are
/// @param columns where columns begin
/// @param nodes one below the other
record Layout(int width, int height, Scale scale, Columns columns, List<NodePart> nodes) {
  static final int MARGIN = 16;

  /// Title, legend and headings.
  static final int HEAD = 96;

  /// The name of a node.
  static final int NODE_HEAD = 30;

  static final int NODE_GAP = 24;

  /// From one row to another, and sizes of text.
  enum Scale {
    ROOMY(30, 4, 8, 16, 12),
    COMPACT(18, 2, 3, 6, 11);

    final int row;

    /// Left free below each member.
    final int memberGap;

    final int bondGap;
    final int podGap;
    final int font;

    Scale(int row, int memberGap, int bondGap, int podGap, int font) {
      this.row = row;
      this.memberGap = memberGap;
      this.bondGap = bondGap;
      this.podGap = podGap;
      this.font = font;
    }
  }

  /// With more rows than this they are compact.
  private static final int ROOMY_ROWS = 40;

  /// Members of one bond that are drawn; a pod can put thousands of links into its bond.
  static final int MOST_MEMBERS = 16;

  private static final int CARD_WIDTH = 128;
  private static final int PF_WIDTH = 236;
  private static final int PF_HEIGHT = 40;
  private static final int PF_GAP = 10;
  private static final int CARD_GAP = 18;
  private static final int RAIL = 14;
  static final int MEMBER_WIDTH = 440;
  static final int BOND_WIDTH = 290;
  private static final int POD_WIDTH = 300;
  private static final int BETWEEN = 26;

  Layout {
    nodes = List.copyOf(nodes);
  }

  /// Where columns begin, from the left.
  record Columns(int card, int pf, int rails, int member, int bond, int pod) {}

  /// A rectangle.
  record Box(int x, int y, int width, int height) {
    int right() {
      return x + width;
    }

    int middle() {
      return y + height / 2;
    }
  }

  /// A node.
  ///
  /// @param y of its first row, below its name
  /// @param height of what is below it
  /// @param floor the height of its cards and PFs
  record NodePart(
      Topology.Node node, int y, int height, int floor, List<CardPart> cards, List<PodPart> pods) {
    NodePart {
      cards = List.copyOf(cards);
      pods = List.copyOf(pods);
    }
  }

  /// A card, in coordinates of its node.
  record CardPart(Topology.Card card, Box box, List<PfPart> pfs) {
    CardPart {
      pfs = List.copyOf(pfs);
    }
  }

  /// A PF, in coordinates of its node.
  ///
  /// @param number which of the node's PFs it is
  /// @param rail where its rail is
  record PfPart(Topology.Pf pf, Box box, int number, int rail) {}

  /// A pod, whose boxes have coordinates of their own.
  ///
  /// @param y in its node
  record PodPart(Topology.Pod pod, int y, Box box, List<BondPart> bonds) {
    PodPart {
      bonds = List.copyOf(bonds);
    }
  }

  /// A bond.
  ///
  /// @param leftOut how many members are not drawn
  record BondPart(KnownBond bond, Box box, List<MemberPart> members, int leftOut) {
    BondPart {
      members = List.copyOf(members);
    }
  }

  /// A member.
  ///
  /// @param pf the number of its PF, if that is drawn
  record MemberPart(KnownMember member, Box box, OptionalInt pf) {}

  /// Lays a topology out.
  static Layout of(Topology topology) {
    long rows =
        topology.nodes().stream()
            .flatMap(node -> node.pods().stream())
            .flatMap(pod -> pod.bonds().stream())
            .mapToLong(Layout::rows)
            .sum();
    int rails =
        topology.nodes().stream()
            .mapToInt(node -> node.cards().stream().mapToInt(card -> card.pfs().size()).sum())
            .max()
            .orElse(0);
    Scale scale = rows > ROOMY_ROWS ? Scale.COMPACT : Scale.ROOMY;
    Columns columns = columns(rails);
    List<NodePart> nodes = new ArrayList<>();
    int y = HEAD;
    for (Topology.Node node : topology.nodes()) {
      NodePart part = node(node, y + (node.name().isEmpty() ? 0 : NODE_HEAD), scale, columns);
      nodes.add(part);
      y = part.y() + part.height() + NODE_GAP;
    }
    return new Layout(columns.pod() + POD_WIDTH + MARGIN, y + MARGIN, scale, columns, nodes);
  }

  private static Columns columns(int rails) {
    int pf = MARGIN + CARD_WIDTH + BETWEEN;
    int first = pf + PF_WIDTH + BETWEEN;
    int member = first + rails * RAIL + BETWEEN;
    int bond = member + MEMBER_WIDTH + BETWEEN;
    return new Columns(MARGIN, pf, first, member, bond, bond + BOND_WIDTH + BETWEEN);
  }

  private static int rows(KnownBond bond) {
    return Math.clamp(bond.members().size(), 1, MOST_MEMBERS);
  }

  private static NodePart node(Topology.Node node, int y, Scale scale, Columns columns) {
    List<CardPart> cards = cards(node.cards(), columns);
    Map<KnownPf, Integer> numbers = new HashMap<>();
    cards.forEach(card -> card.pfs().forEach(pf -> numbers.put(pf.pf().pf(), pf.number())));
    int floor = cards.isEmpty() ? 0 : cards.getLast().box().y() + cards.getLast().box().height();
    List<PodPart> pods = new ArrayList<>();
    int at = 0;
    for (Topology.Pod pod : node.pods()) {
      PodPart part = pod(pod, at, scale, columns, numbers);
      pods.add(part);
      at += part.box().height() + scale.podGap;
    }
    return new NodePart(node, y, Math.max(floor, at), floor, cards, pods);
  }

  private static List<CardPart> cards(List<Topology.Card> cards, Columns columns) {
    List<CardPart> parts = new ArrayList<>();
    int y = 0;
    int number = 0;
    for (Topology.Card card : cards) {
      int top = y;
      List<PfPart> pfs = new ArrayList<>();
      for (Topology.Pf pf : card.pfs()) {
        Box box = new Box(columns.pf(), y, PF_WIDTH, PF_HEIGHT);
        pfs.add(new PfPart(pf, box, number, rail(columns, number)));
        number++;
        y += PF_HEIGHT + PF_GAP;
      }
      parts.add(
          new CardPart(card, new Box(columns.card(), top, CARD_WIDTH, y - PF_GAP - top), pfs));
      y += CARD_GAP - PF_GAP;
    }
    return parts;
  }

  static int rail(Columns columns, int number) {
    return columns.rails() + number * RAIL;
  }

  private static PodPart pod(
      Topology.Pod pod, int y, Scale scale, Columns columns, Map<KnownPf, Integer> numbers) {
    List<BondPart> bonds = new ArrayList<>();
    int at = 0;
    for (KnownBond bond : pod.bonds()) {
      int height = rows(bond) * scale.row - scale.memberGap;
      List<MemberPart> members = new ArrayList<>();
      for (KnownMember member :
          bond.members().subList(0, Math.min(MOST_MEMBERS, bond.members().size()))) {
        members.add(
            new MemberPart(
                member,
                new Box(
                    columns.member(),
                    at + members.size() * scale.row,
                    MEMBER_WIDTH,
                    scale.row - scale.memberGap),
                member
                    .pf()
                    .filter(numbers::containsKey)
                    .map(pf -> OptionalInt.of(numbers.getOrDefault(pf, 0)))
                    .orElse(OptionalInt.empty())));
      }
      bonds.add(
          new BondPart(
              bond,
              new Box(columns.bond(), at, BOND_WIDTH, height),
              members,
              bond.members().size() - members.size()));
      at += height + scale.bondGap;
    }
    return new PodPart(pod, y, new Box(columns.pod(), 0, POD_WIDTH, at - scale.bondGap), bonds);
  }
}
