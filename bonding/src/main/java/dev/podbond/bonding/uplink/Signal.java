package dev.podbond.bonding.uplink;

import java.util.Optional;
import java.util.stream.Stream;

/// What can tell of a PF's uplink.
public enum Signal {
  /// The carrier of the PF's own interface: cable, and the switch's power.
  CARRIER("carrier"),
  /// LACP of the bond on the host that the PF is in: whether the switch takes part.
  LACP("lacp"),
  /// Answers from targets beyond the switch.
  PROBE("probe");

  private final String key;

  Signal(String key) {
    this.key = key;
  }

  /// The signal of this key.
  public static Optional<Signal> of(String key) {
    return Stream.of(values()).filter(signal -> signal.key.equals(key)).findFirst();
  }

  /// Its word in settings, as `lacp`.
  @Override
  public String toString() {
    return key;
  }
}
