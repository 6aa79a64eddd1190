package dev.podbond.bonding.preflight;

/// How much a finding matters.
public enum Severity {
  /// It cannot work: nothing may be touched.
  REFUSAL,
  /// It works but is unwise.
  WARNING
}
