package dev.podbond.cluster.bond;

import dev.podbond.bonding.config.ConfigProblem;
import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads `survive` of a BondNetwork: the failures with which its pods are still to be reached.
final class Survive {
  static final String KEY = "survive";

  private Survive() {}

  /// The failures in a BondNetwork's `spec`; wrong ones are left out.
  ///
  /// @param problems problems are added to this list
  static Set<Failure> of(JsonObject spec, List<ConfigProblem> problems) {
    Set<Failure> asked = EnumSet.noneOf(Failure.class);
    switch (spec.get(KEY).orElse(JsonNull.NULL)) {
      case JsonNull _ -> {}
      case JsonArray(List<JsonValue> elements) -> {
        for (JsonValue element : elements) {
          Optional<Failure> failure =
              element instanceof JsonString(String text) ? Failure.of(text) : Optional.empty();
          failure.ifPresent(asked::add);
          if (failure.isEmpty()) {
            problems.add(
                new ConfigProblem(
                    KEY,
                    element instanceof JsonString(String text) && text.length() <= 60
                        ? "has \"" + text + "\""
                        : "has something else than a word",
                    "it takes "
                        + Arrays.stream(Failure.values())
                            .map(Failure::toString)
                            .collect(Collectors.joining(", "))));
            return asked;
          }
        }
      }
      default ->
          problems.add(
              new ConfigProblem(KEY, "is not a list", "it must be a list, such as [card]"));
    }
    return asked;
  }
}
