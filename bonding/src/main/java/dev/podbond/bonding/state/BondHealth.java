package dev.podbond.bonding.state;

/// How a bond is, in the one word that all places use for it.
public enum BondHealth {
  /// As it was asked for.
  HEALTHY("Healthy"),
  /// It passes traffic, but something is missing or wrong.
  DEGRADED("Degraded"),
  /// It passes no traffic.
  DOWN("Down");

  private final String word;

  BondHealth(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
