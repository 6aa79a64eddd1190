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
/// @param limits what keeps the agent from seeing, or from telling, all
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

  /// The PFs whose VFs are members of the bonds, in the order of their PCI addresses.
  public List<KnownPf> pfs() {
    return List.copyOf(
        new TreeSet<>(
            bonds.stream()
                .flatMap(bond -> bond.members().stream())
                .flatMap(member -> member.pf().stream())
                .toList()));
  }

  /// One line for each bond that is not healthy: how it is, why, and what the agent saw last. If
  /// there are many the last line says how many more.
  public static List<String> reasons(List<KnownBond> bonds) {
    List<String> lines = new ArrayList<>();
    List<KnownBond> unhealthy = bonds.stream().filter(bond -> !bond.healthy()).toList();
    for (KnownBond bond : unhealthy.subList(0, Math.min(MOST_REASONS, unhealthy.size()))) {
      lines.add(reason(bond));
    }
    if (unhealthy.size() > MOST_REASONS) {
      lines.add("and " + (unhealthy.size() - MOST_REASONS) + " more");
    }
    return lines;
  }

  private static String reason(KnownBond bond) {
    StringBuilder line = new StringBuilder(bond.pod() + " " + bond.bond() + ": " + bond.health());
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
