package dev.podbond.bonding.config;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How much is logged of one call: sriov-cni's `logLevel`, in its words.
public enum LogLevel {
  /// Nothing but what the call answers.
  PANIC,
  /// As [#PANIC]: an error is what the call answers.
  ERROR,
  /// Warnings.
  WARNING,
  /// As [#WARNING]: what is worth knowing of a call that went well is in the agent's own line.
  INFO,
  /// Each change to the kernel as well.
  DEBUG;

  /// What a call without one is logged at.
  public static final LogLevel DEFAULT = INFO;

  /// The level of this name, in letters of any case; empty if there is none.
  public static Optional<LogLevel> of(String name) {
    return Stream.of(values()).filter(level -> level.toString().equalsIgnoreCase(name)).findFirst();
  }

  /// As it is configured.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
