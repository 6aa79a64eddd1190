package dev.podbond.cli.bond;

import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.json.LongList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Nodes, as their BondNodeStates tell of them.
///
/// @param all those with the worst bonds first
/// @param limits what the objects have no room for
public record ReportedNodes(List<NodeBonds> all, List<String> limits) {
  public ReportedNodes {
    all = List.copyOf(all);
    limits = List.copyOf(limits);
  }

  /// Reads a list of BondNodeStates as kubectl prints it, or one of them. The objects are read one
  /// by one.
  ///
  /// @throws JsonException if it is neither, or longer than JSON is read
  public static ReportedNodes of(byte[] utf8) throws JsonException {
    List<NodeBonds> nodes = new ArrayList<>();
    List<String> limits = new ArrayList<>();
    JsonObject others =
        LongList.read(
            utf8,
            "items",
            element -> {
              if (element instanceof JsonObject object) {
                add(object, nodes, limits);
              }
            });
    if (nodes.isEmpty()) {
      add(others, nodes, limits);
    }
    if (nodes.isEmpty() && !isList(others)) {
      throw new JsonException("it is no BondNodeState, and no list of them");
    }
    nodes.sort(Comparator.comparing(NodeBonds::worst).thenComparing(NodeBonds::node));
    return new ReportedNodes(nodes, limits);
  }

  private static boolean isList(JsonObject object) {
    return LenientObject.text(object, "kind").orElse("").endsWith("List");
  }

  private static void add(JsonObject object, List<NodeBonds> nodes, List<String> limits) {
    if (!LenientObject.text(object, "kind").orElse("").equals("BondNodeState")) {
      return;
    }
    String name = LenientObject.text(LenientObject.object(object, "metadata"), "name").orElse("");
    JsonObject status = LenientObject.object(object, "status");
    nodes.add(
        new NodeBonds(
            name,
            LenientObject.objects(status, "bonds").stream().map(KnownBond::of).toList(),
            carriers(status),
            LenientObject.objects(status, "pfs").stream().map(KnownUpstream::ofReport).toList()));
    LenientObject.number(status, "omitted")
        .ifPresent(omitted -> {
          if (omitted > 0) {
            limits.add("the report of node " + name + " has no room for " + omitted + " bonds");
          }
        });
  }

  private static Map<KnownPf, Boolean> carriers(JsonObject status) {
    Map<KnownPf, Boolean> carriers = new HashMap<>();
    for (JsonObject said : LenientObject.objects(status, "pfs")) {
      said.get("carrier")
          .filter(JsonBoolean.class::isInstance)
          .ifPresent(carrier ->
              carriers.put(
                  new KnownPf(
                      LenientObject.text(said, "name").orElse(""),
                      LenientObject.text(said, "pciAddress").orElse("")),
                  carrier.equals(JsonBoolean.TRUE)));
    }
    return carriers;
  }
}
