package dev.podbond.cluster.observed;

import java.util.Arrays;

/// How a bond is, in the words of its node's agent, and one more for what no agent says. The worst
/// is first.
public enum Health {
  /// It passes no traffic.
  DOWN("Down"),
  /// It passes traffic, but something is missing or wrong.
  DEGRADED("Degraded"),
  /// Its node is silent about it.
  UNKNOWN("Unknown"),
  /// As it was asked for.
  HEALTHY("Healthy");

  private final String word;

  Health(String word) {
    this.word = word;
  }

  /// The health with this word; any other word says nothing.
  public static Health of(String word) {
    return Arrays.stream(values())
        .filter(health -> health.word.equals(word))
        .findFirst()
        .orElse(UNKNOWN);
  }

  @Override
  public String toString() {
    return word;
  }
}
