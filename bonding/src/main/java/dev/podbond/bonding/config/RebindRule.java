package dev.podbond.bonding.config;

import java.util.Optional;
import java.util.stream.Stream;

/// When a VF that comes back from a pod is unbound from its driver and bound again. Only that
/// surely ends whatever the pod may have put on it in other namespaces.
public enum RebindRule {
  /// If there is a sign of such a thing; not everything leaves a sign.
  ON_SIGN("onSign"),
  /// Always; each time costs what the driver needs.
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
