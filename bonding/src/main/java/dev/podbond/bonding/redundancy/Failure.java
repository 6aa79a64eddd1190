package dev.podbond.bonding.redundancy;

import java.util.Optional;

/// A part whose failure takes a port, or several at once, from a bond; the smallest first.
public enum Failure {
  /// The cable of a port, or the port of the switch at its other end.
  CABLE("cable"),
  /// A port of a card.
  PORT("port"),
  /// A card with all its ports.
  CARD("card"),
  /// A switch with all that is plugged into it.
  SWITCH("switch");

  private final String word;

  Failure(String word) {
    this.word = word;
  }

  /// The failure of this word.
  public static Optional<Failure> of(String word) {
    for (Failure failure : values()) {
      if (failure.word.equals(word)) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return word;
  }
}
