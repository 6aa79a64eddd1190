package dev.podbond.bonding.config;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How much is logged of one call: the values of sriov-cni's `logLevel`.
public enum LogLevel {
  /// Nothing but the call's answer.
  PANIC,
  /// As [#PANIC]: an error is part of the call's answer.
  ERROR,
  /// Warnings.
  WARNING,
  /// As [#WARNING]: the agent's own line already describes a call that went well.
  INFO,
  /// Also each change to the kernel.
  DEBUG;

  /// The level of a call that sets none.
  public static final LogLevel DEFAULT = INFO;

  /// The level with this name, in any letter case; empty if there is no such level.
  public static Optional<LogLevel> of(String name) {
    return Stream.of(values()).filter(level -> level.toString().equalsIgnoreCase(name)).findFirst();
  }

  /// The spelling in a configuration.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
