package dev.podbond.operator.admission;

import dev.podbond.json.JsonArray;

/// The answer to an admission request.
public sealed interface Verdict {
  /// Go on, with these changes (RFC 6902), which may be none.
  record Allowed(JsonArray patch) implements Verdict {}

  /// No; the message is shown to whoever asked.
  record Refused(String message) implements Verdict {}
}
