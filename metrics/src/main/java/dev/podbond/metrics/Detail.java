package dev.podbond.metrics;

/// How much is shown, since each level costs whoever stores it a multiple of the one before.
public enum Detail {
  /// The node, its PFs, and some series for each bond.
  BOND,
  /// The members of each bond as well.
  MEMBER,
  /// What each member has carried as well. The kernel is asked for it in each pod.
  TRAFFIC;

  /// Whether this level shows what belongs to another one.
  public boolean shows(Detail other) {
    return compareTo(other) >= 0;
  }

  /// The level's name in settings.
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
