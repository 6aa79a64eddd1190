package dev.podbond.bonding.config;

import java.util.Optional;
import java.util.stream.Stream;

/// When a VF that comes back from a pod is taken from its driver and given back to it, which alone
/// surely ends whatever the pod may have put on it in other namespaces.
public enum RebindRule {
  /// Where something says that there may be such a thing; not everything does.
  ON_SIGN("onSign"),
  /// Each time, at the price of the time that the driver takes.
  ALWAYS("always");

  private final String key;

  RebindRule(String key) {
    this.key = key;
  }

  /// Its name in a node's settings.
  public String key() {
    return key;
  }

  /// The rule of this name.
  public static Optional<RebindRule> of(String key) {
    return Stream.of(values()).filter(rule -> rule.key.equals(key)).findFirst();
  }
}
