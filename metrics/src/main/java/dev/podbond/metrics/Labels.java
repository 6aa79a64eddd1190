package dev.podbond.metrics;

import dev.podbond.json.Printable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The first labels of samples that share them, as they are in the text: the name of a bond is in
/// fourteen samples, and is made ready once.
public final class Labels {
  private final List<String> names;
  private final byte[] octets;

  private Labels(List<String> names, byte[] octets) {
    this.names = names;
    this.octets = octets;
  }

  /// Values of the first labels of a metric, and of all that begin with the same ones.
  ///
  /// @throws IllegalArgumentException if there is none, or the metric has fewer
  public static Labels of(Metric metric, String... values) {
    if (values.length == 0 || values.length > metric.labels().size()) {
      throw new IllegalArgumentException(
          metric + " has no " + values.length + " labels to begin with");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ",").append(metric.labels().get(i)).append("=\"");
      text.append(escaped(values[i])).append('"');
    }
    return new Labels(
        metric.labels().subList(0, values.length),
        text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// A value as it is between its quotes. Characters without a visible shape become their numbers,
  /// as in the log: a pod chooses the names of its interfaces.
  static String escaped(String value) {
    boolean isPlain = true;
    boolean isAscii = true;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      isAscii &= c >= ' ' && c <= '~';
      isPlain &= c != '\\' && c != '"';
    }
    String shown = isAscii ? value : Printable.line(value);
    return isPlain ? shown : shown.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /// Whether a metric's first labels have these names.
  boolean begin(Metric metric) {
    if (metric.labels().size() < names.size()) {
      return false;
    }
    for (int i = 0; i < names.size(); i++) {
      if (!metric.labels().get(i).equals(names.get(i))) {
        return false;
      }
    }
    return true;
  }

  int count() {
    return names.size();
  }

  byte[] octets() {
    return octets;
  }

  /// As in the text.
  @Override
  public String toString() {
    return new String(octets, StandardCharsets.UTF_8);
  }
}
