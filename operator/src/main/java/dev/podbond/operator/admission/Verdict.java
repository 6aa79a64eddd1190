package dev.podbond.operator.admission;

import dev.podbond.json.JsonArray;
import java.util.List;

/// The answer to an admission request.
public sealed interface Verdict {
  /// Go on.
  ///
  /// @param patch changes (RFC 6902), which may be none
  /// @param warnings shown to whoever asked
  record Allowed(JsonArray patch, List<String> warnings) implements Verdict {
    public Allowed {
      warnings = List.copyOf(warnings);
    }
  }

  /// No; the message is shown to whoever asked.
  record Refused(String message) implements Verdict {}
}
