package dev.podbond.agent.watch;

import dev.podbond.bonding.state.Cause;
import dev.podbond.json.JsonObject;
import java.time.Instant;

/// One change of a bond.
///
/// @param change what is different, in words
/// @param cause why, as far as the node can tell
record Transition(Instant at, String change, Cause cause) {
  /// A pod can put any number of links into its bond, each with a name of its choice.
  private static final int MAX_CHARS = 256;

  /// In ASCII: one other character doubles the memory of a text.
  private static final String CUT = "...";

  Transition {
    change = cut(change);
    cause = new Cause(cut(cause.words()), cause.turn());
  }

  private static String cut(String text) {
    return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS - CUT.length()) + CUT : text;
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("at", at.toString())
        .put("change", change)
        .putAll(cause.toJson())
        .build();
  }

  @Override
  public String toString() {
    return cause.isUnknown() ? change : change + "; " + cause;
  }
}
