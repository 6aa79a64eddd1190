package dev.podbond.cli.apply;

import dev.podbond.cluster.object.ObjectKey;

/// One line about one object.
///
/// @param detail what it amounts to on this machine; "" for nothing to say
public record Report(ObjectKey key, Outcome outcome, String detail) {
  @Override
  public String toString() {
    return key + " " + outcome + (detail.isEmpty() ? "" : ": " + detail);
  }
}
