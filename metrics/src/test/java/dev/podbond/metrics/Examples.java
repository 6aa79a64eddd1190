package dev.podbond.metrics;

import java.time.Duration;

/// Texts with samples of every metric.
final class Examples {
  private Examples() {}

  /// One sample of each metric in the table.
  static Exposition ofEach(int mostBytes) {
    DurationHistogram durations = new DurationHistogram();
    durations.add(Duration.ofMillis(12));
    durations.add(Duration.ofMillis(25));
    durations.add(Duration.ofSeconds(90));
    Exposition text = new Exposition(mostBytes);
    for (Metric metric : Metric.values()) {
      if (metric == Metric.LEFT_OUT) {
        text.finish();
      } else if (metric.type() == MetricType.HISTOGRAM) {
        text.histogram(metric, "ADD", durations);
      } else {
        text.sample(metric);
        metric.labels().forEach(label -> text.label("a " + label));
        text.value(1);
      }
    }
    return text;
  }
}
