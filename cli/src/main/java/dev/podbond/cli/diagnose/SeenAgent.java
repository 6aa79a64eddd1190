package dev.podbond.cli.diagnose;

import dev.podbond.cli.bond.KnownBonds;
import java.util.Optional;

/// What came of asking the agent.
public sealed interface SeenAgent {
  /// It answers.
  record Answering(KnownBonds bonds) implements SeenAgent {}

  /// It does not, or not in a way that is understood.
  ///
  /// @param why in a sentence
  record Silent(String why) implements SeenAgent {}

  /// Whoever looks may not ask it, and nothing follows from that.
  ///
  /// @param why in a sentence
  record Unasked(String why) implements SeenAgent {}

  /// Its answer, if there is one.
  default Optional<KnownBonds> answer() {
    return this instanceof Answering(KnownBonds bonds) ? Optional.of(bonds) : Optional.empty();
  }
}
