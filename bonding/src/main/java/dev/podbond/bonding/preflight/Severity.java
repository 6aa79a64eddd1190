package dev.podbond.bonding.preflight;

/// How much a finding matters.
public enum Severity {
  /// It cannot work: nothing is to be touched.
  REFUSAL,
  /// It works, and is unwise.
  WARNING
}
