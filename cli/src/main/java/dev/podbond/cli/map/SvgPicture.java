package dev.podbond.cli.map;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cli.bond.KnownUpstream;
import dev.podbond.cli.map.Layout.BondPart;
import dev.podbond.cli.map.Layout.Box;
import dev.podbond.cli.map.Layout.CardPart;
import dev.podbond.cli.map.Layout.MemberPart;
import dev.podbond.cli.map.Layout.NodePart;
import dev.podbond.cli.map.Layout.PfPart;
import dev.podbond.cli.map.Layout.PodPart;
import dev.podbond.cli.show.Label;
import dev.podbond.cluster.observed.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A topology as SVG.
public final class SvgPicture {
  private static final int PADDING = 8;

  /// How many characters of each part have room.
  private static final int NAME_CHARS = 15;

  private static final int PCI_CHARS = 13;
  private static final int STATE_CHARS = 10;
  private static final int HEALTH_CHARS = 21;
  private static final int SWITCH_CHARS = 24;
  private static final int PF_CHARS = 29;
  private static final int POD_CHARS = 38;

  /// Of a character of most fonts of equal widths, a little more than its usual 0.6.
  private static final double CHAR_WIDTH = 0.62;

  private final Layout layout;
  private final Topology topology;
  private final Markup svg = new Markup();

  private SvgPicture(Topology topology) {
    this.topology = topology;
    this.layout = Layout.of(topology);
  }

  /// The picture as a file of its own.
  ///
  /// @param title what the picture is of
  public static String file(Topology topology, String title) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        + new SvgPicture(topology).draw(title, true)
        + "\n";
  }

  /// The picture as part of a page that has its style.
  static String part(Topology topology, String title) {
    return new SvgPicture(topology).draw(title, false);
  }

  private String draw(String title, boolean alone) {
    svg.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "width",
        layout.width(),
        "height",
        layout.height(),
        "viewBox",
        "0 0 " + layout.width() + " " + layout.height(),
        "role",
        "group",
        "aria-labelledby",
        "map-title map-sum",
        "font-size",
        layout.scale().font);
    svg.line().element("title", Label.tooltip(title), "id", "map-title");
    if (alone) {
      svg.line().raw("<style>\n" + Style.TEXT + "</style>");
      svg.empty("rect", "class", "back", "width", "100%", "height", "100%");
    }
    head(title);
    layout.nodes().forEach(this::node);
    svg.line().close("svg");
    return svg.toString();
  }

  private void head(String title) {
    text(Layout.MARGIN, 28, "title", Label.cut(title, 80));
    svg.element(
        "text",
        summary(),
        "id",
        "map-sum",
        "x",
        Layout.MARGIN,
        "y",
        50,
        "class",
        topology.health().keySet().stream().allMatch(one -> one == Health.HEALTHY) ? "dim" : "bad");
    int x = layout.columns().member();
    svg.empty("path", "class", "tie r0 active", "d", "M" + x + " 46h30");
    text(x + 38, 50, "dim", "active");
    svg.empty("path", "class", "tie r0", "d", "M" + (x + 100) + " 46h30");
    text(x + 138, 50, "dim", "up");
    svg.empty("path", "class", "tie lost", "d", "M" + (x + 180) + " 46h30");
    text(x + 218, 50, "bad", "down or missing");
    int y = Layout.HEAD - 12;
    text(layout.columns().card(), y, "dim", "CARD");
    text(layout.columns().pf(), y, "dim", "PF");
    text(layout.columns().member(), y, "dim", "MEMBER (VF, PF)");
    text(layout.columns().bond(), y, "dim", "BOND");
    text(layout.columns().pod(), y, "dim", "POD");
  }

  private String summary() {
    int all = topology.health().values().stream().mapToInt(Integer::intValue).sum();
    List<String> parts = new ArrayList<>();
    for (Health health : Health.values()) {
      int count = topology.health().getOrDefault(health, 0);
      if (count > 0) {
        parts.add(count + " " + health);
      }
    }
    return (all == 1 ? "1 bond" : all + " bonds")
        + (parts.isEmpty() ? "" : ": " + String.join(", ", parts))
        + (topology.leftOut() == 0 ? "" : "; " + topology.leftOut() + " have no room here");
  }

  private void node(NodePart node) {
    String name = node.node().name();
    svg.line()
        .open(
            "g",
            "class",
            "node",
            "transform",
            "translate(0," + node.y() + ")",
            "data-floor",
            node.floor(),
            "data-whole",
            node.height());
    if (!name.isEmpty()) {
      text(Layout.MARGIN, -12, "title", "node " + Label.cut(name, 70));
    }
    for (CardPart card : node.cards()) {
      for (PfPart pf : card.pfs()) {
        String colour = colour(pf.number());
        int y = pf.box().middle();
        svg.line()
            .empty(
                "path",
                "class",
                "rail " + colour,
                "d",
                "M" + pf.box().right() + " " + y + "H" + pf.rail());
        svg.empty(
            "line",
            "class",
            "rail whole " + colour,
            "x1",
            pf.rail(),
            "x2",
            pf.rail(),
            "y1",
            0,
            "y2",
            node.height());
        dot(pf.rail(), y, 5, colour);
      }
    }
    node.cards().forEach(this::card);
    node.pods().forEach(this::pod);
    svg.close("g");
  }

  private void card(CardPart card) {
    boolean lost = card.pfs().stream().allMatch(pf -> pf.pf().isLost());
    String pci = card.card().pci();
    svg.line()
        .open("g", "role", "img", "aria-label", "card " + (pci.isEmpty() ? "not known" : pci));
    box(card.box(), lost);
    text(
        card.box().x() + PADDING,
        card.box().y() + 17,
        "",
        pci.isEmpty() ? "not known" : Label.cut(pci, NAME_CHARS));
    if (lost) {
      text(card.box().x() + PADDING, card.box().y() + 33, "bad", "nothing up");
    }
    svg.close("g");
    for (PfPart pf : card.pfs()) {
      svg.empty(
          "path",
          "class",
          "tie",
          "d",
          "M" + card.box().right() + " " + pf.box().middle() + "H" + pf.box().x());
      pf(pf);
    }
  }

  private void pf(PfPart part) {
    Topology.Pf pf = part.pf();
    Box box = part.box();
    String counts =
        "%d of %d members up%s".formatted(pf.up(), pf.members(), pf.isLost() ? ": lost" : "");
    String words =
        Label.tooltip(
            "PF " + pf.pf() + ", " + counts + pf.upstream().map(SvgPicture::upstream).orElse(""));
    svg.line().open("g", "role", "img", "aria-label", words);
    svg.element("title", words);
    box(box, pf.isLost() || pf.isDeadEnd());
    text(
        box.x() + PADDING,
        box.y() + 16,
        "",
        Label.cut(pf.pf().name().isEmpty() ? "-" : pf.pf().name(), NAME_CHARS));
    text(
        box.x() + PADDING + chars(NAME_CHARS + 1),
        box.y() + 16,
        "dim",
        Label.cut(pf.pf().pci(), PCI_CHARS));
    text(
        box.x() + PADDING,
        box.y() + 32,
        pf.up() < pf.members() || pf.isDeadEnd() ? "bad" : "dim",
        pf.isDeadEnd()
            ? Label.cut(pf.up() + " of " + pf.members() + " up, upstream bad", PF_CHARS)
            : counts);
    svg.close("g");
  }

  private static String upstream(KnownUpstream upstream) {
    String state =
        upstream.state().isEmpty()
            ? ""
            : ", upstream "
                + upstream.state()
                + (upstream.why().isEmpty() ? "" : ": " + upstream.why());
    return state + upstream.neighbour().map(text -> ", neighbour " + text).orElse("");
  }

  private void pod(PodPart part) {
    Topology.Pod pod = part.pod();
    svg.line()
        .open(
            "g",
            "class",
            "pod",
            "transform",
            "translate(0," + part.y() + ")",
            "data-health",
            pod.health(),
            "data-height",
            part.box().height() + layout.scale().podGap,
            "role",
            "group",
            "aria-label",
            Label.tooltip("pod " + pod.name() + ", " + pod.health()));
    for (BondPart bond : part.bonds()) {
      bond.members().forEach(member -> member(bond.bond(), member, bond.box()));
      svg.empty(
          "path",
          "class",
          "tie",
          "d",
          "M" + bond.box().right() + " " + bond.box().middle() + "H" + part.box().x());
      bond(bond);
    }
    svg.open("g").element("title", Label.tooltip("pod " + pod.name()));
    box(part.box(), false);
    text(part.box().x() + PADDING, baseline(part.box().y()), "", Label.cut(pod.name(), POD_CHARS));
    svg.close("g").close("g");
  }

  private void member(KnownBond bond, MemberPart part, Box tied) {
    KnownMember member = part.member();
    Box box = part.box();
    boolean active = member.isUp() && member.name().equals(bond.active());
    String state = active ? member.state() + ", active" : member.state();
    String pf = member.pf().map(KnownPf::toString).orElse("not known");
    String lost = member.isUp() ? "" : " lost";
    String weight = active ? " active" : "";
    if (part.pf().isPresent()) {
      String colour = colour(part.pf().getAsInt());
      int rail = Layout.rail(layout.columns(), part.pf().getAsInt());
      svg.line()
          .empty(
              "path",
              "class",
              "tie " + colour + lost + weight,
              "d",
              "M" + rail + " " + box.middle() + "H" + box.x());
      dot(rail, box.middle(), 3, colour);
    }
    svg.empty(
        "path",
        "class",
        "tie" + lost + weight,
        "d",
        "M" + box.right() + " " + box.middle() + "H" + tied.x());
    String words =
        "member %s of %s: %s, VF %s%s of PF %s"
            .formatted(
                member.name(),
                bond.bond(),
                state,
                member.pci().isEmpty() ? "not known" : member.pci(),
                member.driver().isEmpty() ? "" : " (" + member.driver() + ")",
                pf);
    svg.open("g", "class", "member", "role", "img", "aria-label", Label.tooltip(words));
    svg.element("title", Label.tooltip(words));
    box(box, !member.isUp());
    int y = baseline(box.y());
    int x = box.x() + PADDING;
    text(x, y, "", Label.cut(member.name(), NAME_CHARS));
    x += chars(NAME_CHARS + 1);
    text(x, y, "dim", Label.cut(member.pci().isEmpty() ? "-" : member.pci(), PCI_CHARS));
    x += chars(PCI_CHARS + 1);
    text(
        x,
        y,
        "dim",
        Label.cut(
            member.pf().map(one -> one.name().isEmpty() ? one.pci() : one.name()).orElse("-"),
            NAME_CHARS));
    x += chars(NAME_CHARS + 1);
    text(x, y, member.isUp() ? "" : "bad", Label.cut(state, STATE_CHARS));
    svg.close("g");
  }

  private void bond(BondPart part) {
    KnownBond bond = part.bond();
    Box box = part.box();
    String partner = bond.word("lacpPartner");
    String health = "%s, %d of %d up".formatted(bond.health(), bond.up(), bond.configured());
    String words =
        "bond %s of pod %s: %s, mode %s%s%s%s%s"
            .formatted(
                Label.cut(bond.bond(), 40),
                Label.cut(bond.pod(), 120),
                health,
                Label.cut(bond.mode(), 20),
                partner.isEmpty() ? "" : ", LACP partner " + Label.cut(partner, 40),
                bond.survival().isUnknown() ? "" : ", survives " + bond.survival(),
                bond.since().isEmpty() ? "" : ", since " + Label.cut(bond.since(), 40),
                bond.problems().isEmpty()
                    ? ""
                    : ": " + bond.problems().stream().limit(4).collect(Collectors.joining(", ")));
    boolean lost = bond.health() != Health.HEALTHY;
    svg.line().open("g", "class", "bond", "role", "img", "aria-label", Label.tooltip(words));
    svg.element("title", Label.tooltip(words));
    box(box, lost);
    int x = box.x() + PADDING;
    int y = baseline(box.y());
    text(x, y, "", Label.cut(bond.bond(), NAME_CHARS));
    text(x + chars(NAME_CHARS + 1), y, lost ? "bad" : "dim", Label.cut(health, HEALTH_CHARS));
    if (part.members().size() > 1) {
      text(x, y + layout.scale().row / 2 + 2, "dim", Label.cut(bond.mode(), NAME_CHARS));
      if (!bond.survival().isUnknown()) {
        text(
            x + chars(NAME_CHARS + 1),
            y + layout.scale().row / 2 + 2,
            "dim",
            Label.cut("survives " + bond.survival().largest(), HEALTH_CHARS));
      }
      int third = y + layout.scale().row + 4;
      if (!partner.isEmpty()) {
        text(x, third, "dim", Label.cut("switch " + partner, SWITCH_CHARS));
      }
      if (part.leftOut() > 0) {
        text(
            x,
            partner.isEmpty() ? third : third + layout.scale().row / 2 + 2,
            "bad",
            Label.cut(part.leftOut() + " more members", HEALTH_CHARS));
      }
    }
    svg.close("g");
  }

  private static String colour(int number) {
    return "r" + number % Style.RAIL_COLOURS;
  }

  private int chars(int count) {
    return (int) Math.ceil(count * layout.scale().font * CHAR_WIDTH);
  }

  /// Of the text in a row of one line.
  private int baseline(int top) {
    int row = layout.scale().row - layout.scale().memberGap;
    return top + (row + layout.scale().font) / 2 - 2;
  }

  private void box(Box box, boolean lost) {
    svg.empty(
        "rect",
        "class",
        lost ? "box lost" : "box",
        "x",
        box.x(),
        "y",
        box.y(),
        "width",
        box.width(),
        "height",
        box.height(),
        "rx",
        3);
  }

  private void dot(int x, int y, int radius, String colour) {
    svg.empty("circle", "class", colour, "cx", x, "cy", y, "r", radius);
  }

  private void text(int x, int y, String kind, String content) {
    svg.element("text", content, kind.isEmpty() ? "" : "class", kind, "x", x, "y", y);
  }
}
