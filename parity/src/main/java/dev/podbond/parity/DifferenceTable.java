package dev.podbond.parity;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// All explained differences from one peer.
///
/// @param explanations in the order of the table, in which they are tried
public record DifferenceTable(List<Explanation> explanations) {
  public DifferenceTable {
    explanations = List.copyOf(explanations);
    Set<String> ids = new HashSet<>();
    for (Explanation explanation : explanations) {
      if (!ids.add(explanation.id())) {
        throw new IllegalArgumentException("two explanations are called " + explanation.id());
      }
    }
  }

  /// The table of a file.
  ///
  /// @throws IOException if the file is not such a table
  public static DifferenceTable read(Path file) throws IOException {
    try {
      List<Explanation> explanations = new ArrayList<>();
      JsonObject json = Json.parseObject(Files.readAllBytes(file));
      for (JsonObject entry : Iproute2.list(json, "differences")) {
        explanations.add(
            new Explanation(
                Iproute2.text(entry, "id"),
                Explanation.Kind.valueOf(Iproute2.text(entry, "class").toUpperCase(Locale.ROOT)),
                Iproute2.text(entry, "reason"),
                Iproute2.words(entry, "where")));
      }
      return new DifferenceTable(explanations);
    } catch (JsonException | IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// Compares differences with the table.
  ///
  /// @param unexplained differences without an explanation
  /// @param explained how many differences each explanation covers, by id
  /// @param stale patterns that no longer match a difference, with their id
  public record Verdict(
      List<Difference> unexplained, Map<String, Integer> explained, List<String> stale) {
    public Verdict {
      unexplained = List.copyOf(unexplained);
      explained = new LinkedHashMap<>(explained);
      stale = List.copyOf(stale);
    }
  }

  /// @param whole whether these are the differences of all cases; a pattern that some cases do not
  ///   need may be needed by others
  Verdict judge(List<Difference> differences, boolean whole) {
    List<Difference> unexplained = new ArrayList<>();
    Map<String, Integer> explained = new LinkedHashMap<>();
    Set<String> used = new HashSet<>();
    for (Difference difference : differences) {
      boolean covered = false;
      for (Explanation explanation : explanations) {
        for (String pattern : explanation.where()) {
          if (Explanation.covers(pattern, difference)) {
            used.add(explanation.id() + ": " + pattern);
            if (!covered) {
              explained.merge(explanation.id(), 1, Integer::sum);
            }
            covered = true;
          }
        }
      }
      if (!covered) {
        unexplained.add(difference);
      }
    }
    List<String> stale =
        explanations.stream()
            .flatMap(each -> each.where().stream().map(pattern -> each.id() + ": " + pattern))
            .filter(pattern -> whole && !used.contains(pattern))
            .toList();
    return new Verdict(unexplained, explained, stale);
  }
}
