package dev.podbond.parity;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// iproute2 in one network namespace: an observer that shares no code with either contestant.
///
/// @param command the command that runs it there
record Iproute2(List<String> command) {
  private static final String INTERRUPTED = "Dump was interrupted";

  static Iproute2 ofHost() {
    return new Iproute2(List.of("ip"));
  }

  static Iproute2 of(String netns) {
    return new Iproute2(List.of("ip", "-n", netns));
  }

  /// Runs several commands in one process.
  void batch(List<String> lines) throws IOException {
    Commands.run(with("-batch", "-"), String.join("\n", lines) + "\n");
  }

  /// The output of several `show` commands, one list for each. A dump during which links came or
  /// went does not show one moment: then all are repeated.
  List<List<JsonObject>> read(String... shows) throws IOException {
    while (true) {
      String output =
          Commands.run(with("-d", "-j", "-batch", "-"), String.join("\n", shows) + "\n");
      if (!output.contains(INTERRUPTED)) {
        return arrays(output, shows.length);
      }
    }
  }

  /// The IPv6 routes, which a batch cannot list.
  List<JsonObject> ipv6Routes() throws IOException {
    return arrays(Commands.run(with("-6", "-d", "-j", "route", "show"), ""), 1).getFirst();
  }

  private static List<List<JsonObject>> arrays(String output, int expected) throws IOException {
    List<List<JsonObject>> read = new ArrayList<>();
    try {
      for (String line : output.strip().split("\n", -1)) {
        if (!line.isBlank()) {
          read.add(objects(Json.parse(line)));
        }
      }
    } catch (JsonException e) {
      throw new IOException("ip printed " + output, e);
    }
    if (read.size() != expected) {
      throw new IOException(
          "ip printed " + read.size() + " lists, not " + expected + ": " + output);
    }
    return read;
  }

  /// With a filter that nothing matches, iproute2 prints empty objects.
  private static List<JsonObject> objects(JsonValue value) {
    return value instanceof JsonArray(List<JsonValue> elements)
        ? elements.stream()
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .filter(object -> !object.isEmpty())
            .toList()
        : List.of();
  }

  private List<String> with(String... words) {
    return Stream.concat(command.stream(), Stream.of(words)).toList();
  }

  /// A member as text; empty if there is none.
  static String text(JsonObject in, String key) {
    return in.get(key).map(Iproute2::text).orElse("");
  }

  private static String text(JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber(String text) -> text;
      default -> value.toString();
    };
  }

  /// A member that is an object; empty if there is none.
  static JsonObject object(JsonObject in, String key) {
    return in.get(key).orElse(JsonObject.of()) instanceof JsonObject object
        ? object
        : JsonObject.of();
  }

  /// A member that is a list of objects; empty if there is none.
  static List<JsonObject> list(JsonObject in, String key) {
    return objects(in.get(key).orElse(JsonArray.of()));
  }

  /// A member that is a list of words; empty if there is none.
  static List<String> words(JsonObject in, String key) {
    return in.get(key).orElse(JsonArray.of()) instanceof JsonArray(List<JsonValue> elements)
        ? elements.stream().map(Iproute2::text).toList()
        : List.of();
  }
}
