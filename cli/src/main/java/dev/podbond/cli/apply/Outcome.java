package dev.podbond.cli.apply;

import java.util.Locale;

/// The result for an object.
public enum Outcome {
  CREATED,
  CONFIGURED,
  UNCHANGED,
  DELETED,
  ABSENT,
  PASSED_BY;

  @Override
  public String toString() {
    return this == ABSENT ? "was not there" : name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
