package dev.podbond.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What `promtool check metrics` finds fault with, written after the description of its rules. The
/// tool itself judges the same text in `testing/promtool`.
final class PromLint {
  private static final Pattern CAMEL_CASE = Pattern.compile("[a-z][A-Z]");
  private static final Set<String> ABBREVIATIONS =
      Set.of("s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d");
  private static final Set<String> UNITS_BESIDE_THE_BASE =
      Set.of(
          "milliseconds",
          "microseconds",
          "nanoseconds",
          "minutes",
          "hours",
          "days",
          "kilobytes",
          "megabytes",
          "gigabytes",
          "bits",
          "percent");

  private PromLint() {}

  /// The faults, each with the metric's name first.
  static List<String> faults(TextFormat text) {
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, TextFormat.Family> entry : text.families().entrySet()) {
      String name = entry.getKey();
      TextFormat.Family family = entry.getValue();
      if (family.help().isBlank()) {
        faults.add(name + ": no help");
      }
      if (!Set.of("counter", "gauge", "histogram", "summary").contains(family.type())) {
        faults.add(name + ": no type");
      }
      if (family.type().equals("counter") != name.endsWith("_total")) {
        faults.add(name + ": _total is for counters, and counters have it");
      }
      if (name.contains(":")) {
        faults.add(name + ": a colon is for recording rules");
      }
      if (CAMEL_CASE.matcher(name).find()) {
        faults.add(name + ": camelCase");
      }
      for (String suffix : List.of("_count", "_sum", "_bucket")) {
        if (name.endsWith(suffix)) {
          faults.add(name + ": a histogram's suffix");
        }
      }
      List<String> words = List.of(name.toLowerCase(Locale.ROOT).split("_"));
      for (String word : words) {
        if (Set.of("counter", "gauge", "histogram", "summary", "untyped").contains(word)) {
          faults.add(name + ": its type in its name");
        }
        if (ABBREVIATIONS.contains(word)) {
          faults.add(name + ": an abbreviated unit");
        }
        if (UNITS_BESIDE_THE_BASE.contains(word)) {
          faults.add(name + ": no base unit");
        }
      }
      for (TextFormat.Sample sample : family.samples()) {
        for (String label : sample.labels().keySet()) {
          if (CAMEL_CASE.matcher(label).find()) {
            faults.add(name + ": camelCase of label " + label);
          }
          if (label.equals("quantile")
              || (label.equals("le") && !family.type().equals("histogram"))) {
            faults.add(name + ": label " + label + " is reserved");
          }
          if (name.contains("_by_" + label)) {
            faults.add(name + ": a label in its name");
          }
        }
      }
    }
    return faults;
  }
}
