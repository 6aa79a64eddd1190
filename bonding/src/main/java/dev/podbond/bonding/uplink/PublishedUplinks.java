package dev.podbond.bonding.uplink;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the UplinkMonitors of a cluster set for its nodes, as one text that the agents of all of
/// them read: a node knows its name and not its labels, and asks nobody. It is one text so that
/// nobody reads the settings of yesterday by the list of nodes of today.
///
/// @param parts no node is in two of them
public record PublishedUplinks(List<Part> parts) {
  /// The file's name, and its key in the ConfigMap.
  public static final String FILE = "uplinks.json";

  /// The most that is read: the names of 5,000 nodes, and some hundred monitors.
  public static final JsonLimits LIMITS = new JsonLimits(512 * 1024, 20_000);

  private static final String MONITORS = "monitors";
  private static final String NAME = "name";
  private static final String NODES = "nodes";
  private static final String SETTINGS = "settings";
  private static final String PROBLEM = "problem";

  /// What stands around the parts.
  private static final int FRAME_BYTES = 32;

  private static final int FRAME_VALUES = 2;

  /// What one UplinkMonitor sets.
  ///
  /// @param monitor its name
  /// @param nodes the names of those that follow it
  public record Part(String monitor, List<String> nodes, Content content) {
    /// Copies the list.
    public Part {
      nodes = List.copyOf(nodes);
    }
  }

  /// What a monitor's nodes get.
  public sealed interface Content {
    /// Settings, in the form of a node's own file.
    record Settings(JsonObject settings) implements Content {}

    /// Settings that nobody can use: a node goes on with those that it has.
    record Unusable(String why) implements Content {}
  }

  /// Copies the list.
  public PublishedUplinks {
    parts = List.copyOf(parts);
  }

  /// As many of these as a node would read, those that are listed first before the others.
  public static PublishedUplinks fitting(List<Part> wanted) {
    List<Part> parts = new ArrayList<>();
    long bytes = FRAME_BYTES;
    long values = FRAME_VALUES;
    for (Part part : wanted) {
      JsonObject json = json(part);
      long longer = utf8Bytes(json.toString()) + 1;
      long more = values(json);
      if (bytes + longer <= LIMITS.bytes() && values + more <= LIMITS.values()) {
        parts.add(part);
        bytes += longer;
        values += more;
      }
    }
    return new PublishedUplinks(parts);
  }

  /// The text.
  public JsonObject json() {
    return JsonObject.of(
        MONITORS, new JsonArray(parts.stream().<JsonValue>map(PublishedUplinks::json).toList()));
  }

  /// The part of a node in such a text, with no other node in it. Members that a later release may
  /// have beside it are passed over.
  ///
  /// @throws JsonException if it is no JSON object, or too large
  public static Optional<Part> of(byte[] text, String node) throws JsonException {
    return LenientObject.objects(Json.parseObject(text, LIMITS), MONITORS).stream()
        .filter(part -> isFor(part, node))
        .findFirst()
        .map(part ->
            new Part(LenientObject.text(part, NAME).orElse(""), List.of(node), content(part)));
  }

  /// To split all names would take many times their memory.
  private static boolean isFor(JsonObject part, String node) {
    return !node.isEmpty()
        && !node.contains(",")
        && ("," + LenientObject.text(part, NODES).orElse("") + ",").contains("," + node + ",");
  }

  private static Content content(JsonObject part) {
    return part.get(SETTINGS).orElse(JsonArray.of()) instanceof JsonObject settings
        ? new Content.Settings(settings)
        : new Content.Unusable(LenientObject.text(part, PROBLEM).orElse("it has no settings"));
  }

  private static JsonObject json(Part part) {
    JsonObject.Builder json =
        JsonObject.builder().put(NAME, part.monitor()).put(NODES, String.join(",", part.nodes()));
    return switch (part.content()) {
      case Content.Settings(JsonObject settings) -> json.put(SETTINGS, settings).build();
      case Content.Unusable(String why) -> json.put(PROBLEM, why).build();
    };
  }

  /// At least as many as its encoding has.
  private static long utf8Bytes(String text) {
    return text.codePoints()
        .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x1_0000 ? 3 : 4)
        .sum();
  }

  private static long values(JsonValue value) {
    return 1
        + switch (value) {
          case JsonObject object ->
              object.members().values().stream().mapToLong(PublishedUplinks::values).sum();
          case JsonArray array -> array.stream().mapToLong(PublishedUplinks::values).sum();
          case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> 0;
        };
  }
}
