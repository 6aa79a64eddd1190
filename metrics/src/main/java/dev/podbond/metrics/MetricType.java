package dev.podbond.metrics;

import java.util.Locale;

/// The types of the text format 0.0.4 that we use.
public enum MetricType {
  /// Only grows, until the process starts anew.
  COUNTER,
  /// Goes up and down.
  GAUGE,
  /// Counts of observations up to some bounds, with their sum.
  HISTOGRAM;

  /// The type's name in the format.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
