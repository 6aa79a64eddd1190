package dev.podbond.cli.bond;

import java.util.stream.Stream;

/// How a bond is, in one word; the worst first.
public enum Health {
  /// It passes no traffic.
  DOWN("Down"),
  /// It passes traffic, but something is missing or wrong.
  DEGRADED("Degraded"),
  /// Nobody tells.
  UNKNOWN("Unknown"),
  /// As it was asked for.
  HEALTHY("Healthy");

  private final String word;

  Health(String word) {
    this.word = word;
  }

  /// The health that an agent has a word for. Any other word is [#UNKNOWN].
  public static Health of(String word) {
    return Stream.of(values())
        .filter(health -> health.word.equals(word))
        .findFirst()
        .orElse(UNKNOWN);
  }

  @Override
  public String toString() {
    return word;
  }
}
