package dev.podbond.cli.bond;

import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// An agent's answer to the question `bonds`.
///
/// @param upstreams what it knows of the networks behind the PFs of their members
/// @param limits what keeps the agent from seeing or telling all, or from acting on it
/// @param isStarting whether it has just started, and bonds that it has not seen yet are missing
public record KnownBonds(
    List<KnownBond> bonds, List<KnownUpstream> upstreams, List<String> limits, boolean isStarting) {
  /// What people are told of an agent that has just started.
  public static final String STARTING =
      "the agent has just started and has not looked at all bonds yet";

  /// More of them would push what matters out of sight.
  private static final int MOST_REASONS = 10;

  public KnownBonds {
    bonds = List.copyOf(bonds);
    upstreams = List.copyOf(upstreams);
    limits = List.copyOf(limits);
  }

  /// Reads an answer.
  public static KnownBonds of(JsonObject answer) {
    boolean isStarting = answer.get("starting").equals(Optional.of(JsonBoolean.TRUE));
    List<String> limits = new ArrayList<>(isStarting ? List.of(STARTING) : List.of());
    limits.addAll(LenientObject.texts(answer, "limits"));
    LenientObject.text(answer, "uplinkStorm")
        .ifPresent(why ->
            limits.add("so many uplinks of this node look bad that no bond leaves one: " + why));
    return new KnownBonds(
        LenientObject.objects(answer, "bonds").stream().map(KnownBond::of).toList(),
        LenientObject.objects(answer, "pfs").stream().map(KnownUpstream::of).toList(),
        limits,
        isStarting);
  }

  /// Those of a pod or container, or of one name; all for an empty text.
  public List<KnownBond> of(String wanted) {
    return bonds.stream().filter(bond -> bond.isOf(wanted)).toList();
  }

  /// What is known of the networks that these bonds depend on.
  public List<KnownUpstream> upstreamsOf(List<KnownBond> some) {
    return upstreams.stream().filter(upstream -> some.stream().anyMatch(upstream::isOf)).toList();
  }

  /// Whether what a member sends arrives nowhere, since the uplink of its PF is bad.
  public boolean hasBadUplink(KnownMember member) {
    return member.pf().isPresent()
        && upstreams.stream()
            .anyMatch(upstream -> upstream.isBad() && upstream.isOf(member.pf().get()));
  }

  /// Whether these are healthy, and none has a member with a bad uplink.
  public boolean areWell(List<KnownBond> some) {
    return some.stream().allMatch(bond -> bond.healthy() && badUplinks(bond).isEmpty());
  }

  private List<KnownUpstream> badUplinks(KnownBond bond) {
    return upstreamsOf(List.of(bond)).stream().filter(KnownUpstream::isBad).toList();
  }

  /// How many of these are not well, in words.
  public String sum(List<KnownBond> some) {
    List<KnownBond> healthy = some.stream().filter(KnownBond::healthy).toList();
    long bad = healthy.stream().filter(bond -> !badUplinks(bond).isEmpty()).count();
    return "%d of %d bonds are not healthy".formatted(some.size() - healthy.size(), some.size())
        + (bad == 0
            ? ""
            : "; %d of the healthy %s a bad uplink".formatted(bad, bad == 1 ? "has" : "have"));
  }

  /// The PFs whose VFs are members of the bonds, in the order of their PCI addresses.
  public List<KnownPf> pfs() {
    return List.copyOf(
        new TreeSet<>(
            bonds.stream()
                .flatMap(bond -> bond.members().stream())
                .flatMap(member -> member.pf().stream())
                .toList()));
  }

  /// One line for each of these that is not well: how it is, why, and what the agent saw last, or
  /// which uplink is bad. If there are many the last line says how many more.
  public List<String> reasons(List<KnownBond> some) {
    List<String> lines = new ArrayList<>();
    List<KnownBond> unwell = some.stream().filter(bond -> !areWell(List.of(bond))).toList();
    for (KnownBond bond : unwell.subList(0, Math.min(MOST_REASONS, unwell.size()))) {
      lines.add(reason(bond));
    }
    if (unwell.size() > MOST_REASONS) {
      lines.add("and " + (unwell.size() - MOST_REASONS) + " more");
    }
    return lines;
  }

  private String reason(KnownBond bond) {
    StringBuilder line = new StringBuilder(bond.pod() + " " + bond.bond() + ": " + bond.health());
    if (bond.healthy()) {
      badUplinks(bond).forEach(upstream -> line.append(", ").append(upstream.badLine()));
      return line.toString();
    }
    if (!bond.problems().isEmpty()) {
      line.append(", ").append(String.join(", ", bond.problems()));
    }
    bond.latest()
        .map(KnownChange::cause)
        .filter(cause -> !cause.isEmpty())
        .ifPresent(cause -> line.append("; ").append(cause));
    return line.toString();
  }
}
