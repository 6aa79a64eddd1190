package dev.podbond.cli.apply;

import dev.podbond.cluster.object.ObjectKey;

/// One line about one object.
///
/// @param detail the result on this machine; may be ""
public record Report(ObjectKey key, Outcome outcome, String detail) {
  @Override
  public String toString() {
    return key + " " + outcome + (detail.isEmpty() ? "" : ": " + detail);
  }
}
