package dev.podbond.cli.impact;

/// What becomes of a bond; the worst first.
public enum Fate {
  /// None of its members is left, or none whose uplink is not bad: it passes no traffic any more.
  DOWN("goes down"),
  /// Its active member goes, and another takes over.
  FAILS_OVER("fails over"),
  /// It keeps its traffic with fewer members, all of which carry traffic.
  LOSES_CAPACITY("loses capacity"),
  /// It keeps its traffic, but has fewer members to fall back on.
  LOSES_REDUNDANCY("loses redundancy"),
  /// Its members there are down or missing already.
  UNCHANGED("stays as it is"),
  /// It passes no traffic even now.
  DOWN_ALREADY("is down already");

  private final String words;

  Fate(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
