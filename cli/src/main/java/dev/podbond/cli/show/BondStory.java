package dev.podbond.cli.show;

import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;

/// All that an agent knows of one bond, for people: how it is and since when, what it consists of,
/// and what happened to it last.
public final class BondStory {
  private BondStory() {}

  /// The lines, the most important first.
  ///
  /// @param bond one of the bonds in the agent's answer to the question `bonds`
  public static List<String> lines(JsonObject bond) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "bond %s of pod %s: %s since %s"
            .formatted(
                text(bond, "bond"), text(bond, "pod"), text(bond, "health"), text(bond, "since")));
    String active = text(bond, "active");
    lines.add(
        "  network %s, mode %s, monitoring %s%s"
            .formatted(
                text(bond, "network"),
                text(bond, "mode"),
                text(bond, "monitoring"),
                active.equals("-") ? "" : ", active " + active));
    LenientObject.texts(bond, "problems").forEach(problem -> lines.add("  problem: " + problem));
    LenientObject.objects(bond, "members").forEach(member -> lines.add("  " + member(member)));
    Survival survival = Survival.ofJson(LenientObject.objects(bond, "survives"));
    if (!survival.isUnknown()) {
      survival
          .answers()
          .forEach((failure, answer) -> lines.add("  survives " + failure + ": " + answer));
    }
    if (LenientObject.text(bond, "vfLag").isPresent()) {
      lines.add("  " + BondDescription.joined(text(bond, "vfLag")));
    }
    List<JsonObject> transitions = LenientObject.objects(bond, "transitions");
    if (transitions.isEmpty()) {
      lines.add("  no change since the agent first saw it");
    }
    transitions.reversed().forEach(transition -> lines.add("  " + transition(transition)));
    return lines;
  }

  private static String member(JsonObject member) {
    StringBuilder line = new StringBuilder("member ");
    line.append(text(member, "name")).append(": ").append(text(member, "mii"));
    LenientObject.number(member, "failures")
        .ifPresent(failures ->
            line.append(", ")
                .append(failures == 1 ? "1 link failure" : failures + " link failures"));
    LenientObject.text(member, "pci").ifPresent(pci -> line.append(", ").append(pci));
    LenientObject.text(member, "driver")
        .ifPresent(driver -> line.append(" (").append(driver).append(')'));
    LenientObject.text(member, "pf").ifPresent(pf -> line.append(" of PF ").append(pf));
    LenientObject.text(member, "pfPci").ifPresent(pci -> line.append(" (").append(pci).append(')'));
    return line.toString();
  }

  private static String transition(JsonObject transition) {
    String cause = LenientObject.text(transition, "cause").orElse("");
    return "%s %s%s"
        .formatted(
            text(transition, "at"),
            text(transition, "change"),
            cause.isEmpty() ? "" : ": " + cause);
  }

  /// A text, or a hyphen for one that is not there: an agent of another release may say less.
  private static String text(JsonObject object, String key) {
    return LenientObject.text(object, key).filter(text -> !text.isEmpty()).orElse("-");
  }
}
