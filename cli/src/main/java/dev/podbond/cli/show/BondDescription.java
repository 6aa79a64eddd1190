package dev.podbond.cli.show;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownChange;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cli.bond.NodeBonds;
import dev.podbond.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All that is known of one bond, in the layout and the words of `kubectl bond describe`. What that
/// has from the cluster is not here, and what only the node knows is: the attachment, link
/// monitoring, link failures, the last changes.
public final class BondDescription {
  private static final List<String> MEMBER_COLUMNS =
      List.of("name", "state", "pci", "driver", "pf", "pfPci", "carrier", "failures");
  private static final List<String> ANSWER_COLUMNS =
      List.of("failure", "answer", "knownBy", "shared");
  private static final List<String> CHANGE_COLUMNS = List.of("at", "change", "cause");
  private static final String INDENT = "  ";

  private BondDescription() {}

  /// The lines about a bond.
  ///
  /// @param node where it is
  /// @param now what ages are counted to
  public static List<String> lines(KnownBond bond, NodeBonds node, Instant now) {
    List<String> lines = new ArrayList<>();
    add(lines, "Pod", bond.pod());
    add(lines, "Container", bond.container());
    add(lines, "Interface", bond.ifname());
    add(lines, "Bond", bond.bond());
    add(lines, "Network", bond.word("network"));
    add(lines, "Mode", bond.mode());
    add(lines, "Monitoring", bond.word("monitoring"));
    add(
        lines,
        "Health",
        "%s, since %s (%s ago)"
            .formatted(bond.health(), shown(bond.since()), Age.of(bond.since(), now)));
    add(lines, "Cause", bond.healthy() ? "" : bond.latest().map(KnownChange::cause).orElse(""));
    add(lines, "Active", bond.active());
    add(lines, "Partner", bond.word("lacpPartner"));
    add(lines, "Survives", bond.survival().isUnknown() ? "" : bond.survival().toString());
    add(lines, "Members", bond.up() + " of " + bond.configured() + " up");
    table(lines, MEMBER_COLUMNS, bond.members().stream().map(member -> row(member, node)).toList());
    bond.survival()
        .toJson()
        .ifPresent(answers -> {
          lines.add("With all members up it survives:");
          table(
              lines,
              ANSWER_COLUMNS,
              answers.elements().stream()
                  .map(JsonObject.class::cast)
                  .map(BondDescription::answer)
                  .toList());
        });
    if (!bond.word("vfLag").isEmpty()) {
      lines.add(joined(bond.word("vfLag")));
    }
    if (!bond.problems().isEmpty()) {
      lines.add("Problems:");
      bond.problems().forEach(problem -> lines.add(INDENT + problem));
    }
    if (!bond.changes().isEmpty()) {
      lines.add("Changes:");
      table(
          lines,
          CHANGE_COLUMNS,
          bond.changes().reversed().stream().map(BondDescription::row).toList());
    }
    return lines;
  }

  /// What it means that the NIC joins the ports of all members, as `kubectl bond` says it.
  static String joined(String hostBond) {
    return "VF-LAG: the NIC itself joins the PFs of all members, in bond "
        + hostBond
        + " of the host, so that one VF has both ports.";
  }

  private static void add(List<String> lines, String name, String value) {
    if (!value.isEmpty()) {
      lines.add("%-13s%s".formatted(name + ":", value));
    }
  }

  private static String shown(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static void table(List<String> lines, List<String> columns, List<JsonObject> rows) {
    new Table(columns, rows).toText().lines().forEach(line -> lines.add(INDENT + line));
  }

  private static JsonObject row(KnownMember member, NodeBonds node) {
    Optional<KnownPf> pf = member.pf();
    return JsonObject.builder()
        .put("name", member.name())
        .put("state", member.state())
        .put("pci", member.pci())
        .put("driver", member.driver())
        .put("pf", pf.map(KnownPf::name).orElse(""))
        .put("pfPci", pf.map(KnownPf::pci).orElse(""))
        .put("carrier", pf.flatMap(node::carrier).map(there -> there ? "yes" : "no").orElse(""))
        .put("failures", member.failures())
        .build();
  }

  private static JsonObject answer(JsonObject survives) {
    return survives.with("knownBy", survives.get("how").orElseThrow());
  }

  private static JsonObject row(KnownChange change) {
    return JsonObject.builder()
        .put("at", change.at())
        .put("change", change.change())
        .put("cause", change.cause())
        .build();
  }
}
