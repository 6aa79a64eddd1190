package dev.podbond.parity;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a contestant did in every case of a suite.
///
/// @param contestant who, with its version
/// @param kernel the release of the kernel it ran on
/// @param cases the outcomes of each case by its name
record Recording(String contestant, String kernel, Map<String, List<CallOutcome>> cases) {
  Recording {
    cases = new LinkedHashMap<>(cases);
  }

  /// JSON with a line for each call, so that a change of one is a change of one line. A call tells
  /// only what is other than after the call before; `null` is what is there no longer.
  String toText() {
    StringBuilder text = new StringBuilder("{\n");
    text.append("\"contestant\": ").append(new JsonString(contestant)).append(",\n");
    text.append("\"kernel\": ").append(new JsonString(kernel)).append(",\n\"cases\": {");
    String comma = "\n";
    for (var each : cases.entrySet()) {
      text.append(comma).append(new JsonString(each.getKey())).append(": [");
      SortedMap<String, String> before = new TreeMap<>();
      String between = "\n  ";
      for (CallOutcome outcome : each.getValue()) {
        JsonObject line =
            JsonObject.builder()
                .put("call", outcome.call())
                .put("facets", Changes.between(before, outcome.facets()))
                .build();
        text.append(between).append(line);
        between = ",\n  ";
        before = outcome.facets();
      }
      text.append("]");
      comma = ",\n";
    }
    return text.append("\n}}\n").toString();
  }

  /// This one with the cases of a newer one in the place of its own.
  ///
  /// @param order the names of all cases there are; others are dropped
  /// @throws IllegalArgumentException if cases that stay are of another contestant or kernel
  Recording updated(Recording newer, List<String> order) {
    Map<String, List<CallOutcome>> all = new LinkedHashMap<>();
    boolean mixed = false;
    for (String name : order) {
      List<CallOutcome> fresh = newer.cases.get(name);
      List<CallOutcome> kept = cases.get(name);
      if (fresh != null) {
        all.put(name, fresh);
      } else if (kept != null) {
        all.put(name, kept);
        mixed = true;
      }
    }
    if (mixed && !(contestant.equals(newer.contestant) && kernel.equals(newer.kernel))) {
      throw new IllegalArgumentException(
          "what is recorded is of %s on %s, and this of %s on %s: record all cases"
              .formatted(contestant, kernel, newer.contestant, newer.kernel));
    }
    return new Recording(newer.contestant, newer.kernel, all);
  }

  /// @throws IOException if there is none, or it is not what [#toText] writes
  static Recording read(Path file) throws IOException {
    try {
      return of(Json.parseObject(Files.readAllBytes(file)));
    } catch (JsonException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  static Recording of(JsonObject json) {
    Map<String, List<CallOutcome>> cases = new LinkedHashMap<>();
    Iproute2.object(json, "cases")
        .members()
        .forEach((name, calls) -> cases.put(name, outcomes((JsonArray) calls)));
    return new Recording(Iproute2.text(json, "contestant"), Iproute2.text(json, "kernel"), cases);
  }

  private static List<CallOutcome> outcomes(JsonArray calls) {
    List<CallOutcome> outcomes = new ArrayList<>();
    SortedMap<String, String> facets = new TreeMap<>();
    for (JsonValue call : calls.elements()) {
      JsonObject line = (JsonObject) call;
      facets = Changes.apply(facets, Iproute2.object(line, "facets"));
      outcomes.add(new CallOutcome(Iproute2.text(line, "call"), facets));
    }
    return outcomes;
  }
}
