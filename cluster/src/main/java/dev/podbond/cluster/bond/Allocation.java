package dev.podbond.cluster.bond;

import dev.podbond.bonding.config.ConfigProblem;
import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How a pod gets the VFs of a bond.
public sealed interface Allocation {
  /// The field of a BondNetwork's `spec`.
  String KEY = "allocation";

  /// By what the members differ, with dynamic resource allocation.
  String DISTINCT = "distinct";

  /// Whether the members are close to one another, with dynamic resource allocation.
  String SAME_NUMA_NODE = "sameNumaNode";

  /// A container requests a device of each member's resource, and a device plugin hands one out.
  record DevicePlugin() implements Allocation {}

  /// The pod claims a device for each member, and the scheduler chooses them (dynamic resource
  /// allocation).
  ///
  /// @param distinct what no two members may have in common
  /// @param sameNumaNode whether all members come from one NUMA node
  record Dra(Distinct distinct, boolean sameNumaNode) implements Allocation {}

  /// What no two members of a bond may have in common.
  enum Distinct {
    /// The PF, so the bond survives a port and a cable.
    PF("pf"),
    /// The PCIe root, and so the card.
    CARD("card");

    private final String text;

    Distinct(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// The allocation in a BondNetwork's `spec`.
  ///
  /// @param survive what the bond is to survive: a card takes two members of different ones; more
  ///   need not each have one of their own
  /// @param problems problems are added to this list
  static Allocation of(JsonObject spec, Set<Failure> survive, List<ConfigProblem> problems) {
    boolean claims = false;
    switch (value(spec, KEY)) {
      case JsonNull _ -> {}
      case JsonString(String text) when text.equals("devicePlugin") -> {}
      case JsonString(String text) when text.equals("dra") -> claims = true;
      case JsonValue other -> refuse(KEY, other, "it must be devicePlugin or dra", problems);
    }
    boolean isChosen = value(spec, DISTINCT) != JsonNull.NULL;
    Distinct distinct = distinct(value(spec, DISTINCT), problems);
    if (claims
        && survive.contains(Failure.CARD)
        && LenientObject.objects(spec, "members").size() == 2) {
      if (isChosen && distinct == Distinct.PF) {
        problems.add(
            new ConfigProblem(
                DISTINCT,
                "is \"pf\", and survive has card",
                "members of different PFs may be of one card; leave distinct out, or let it be"
                    + " card"));
      }
      distinct = Distinct.CARD;
    }
    boolean sameNumaNode = false;
    switch (value(spec, SAME_NUMA_NODE)) {
      case JsonNull _ -> {}
      case JsonBoolean flag -> sameNumaNode = flag == JsonBoolean.TRUE;
      case JsonValue other -> refuse(SAME_NUMA_NODE, other, "it must be true or false", problems);
    }
    if (claims) {
      return new Dra(distinct, sameNumaNode);
    }
    for (String key : List.of(DISTINCT, SAME_NUMA_NODE)) {
      if (value(spec, key) != JsonNull.NULL) {
        problems.add(
            new ConfigProblem(
                key,
                "stands without " + KEY + ": dra",
                "a device plugin cannot be asked for it; set " + KEY + ": dra, or leave it out"));
      }
    }
    return new DevicePlugin();
  }

  private static Distinct distinct(JsonValue value, List<ConfigProblem> problems) {
    if (value == JsonNull.NULL) {
      return Distinct.PF;
    }
    Optional<Distinct> found =
        value instanceof JsonString(String text)
            ? Arrays.stream(Distinct.values()).filter(one -> one.text.equals(text)).findFirst()
            : Optional.empty();
    if (found.isEmpty()) {
      String words =
          Arrays.stream(Distinct.values())
              .map(Distinct::toString)
              .collect(Collectors.joining(" or "));
      refuse(DISTINCT, value, "it must be " + words, problems);
    }
    return found.orElse(Distinct.PF);
  }

  private static JsonValue value(JsonObject spec, String key) {
    return spec.get(key).orElse(JsonNull.NULL);
  }

  private static void refuse(
      String key, JsonValue found, String remedy, List<ConfigProblem> problems) {
    problems.add(
        new ConfigProblem(
            key,
            found instanceof JsonString(String text) && text.length() <= 60
                ? "is \"" + text + "\""
                : "is something else",
            remedy));
  }
}
