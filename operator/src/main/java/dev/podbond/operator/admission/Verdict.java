package dev.podbond.operator.admission;

import dev.podbond.json.JsonArray;
import java.util.List;

/// The answer to an admission request.
public sealed interface Verdict {
  /// The request is allowed.
  ///
  /// @param patch changes (RFC 6902); may be empty
  /// @param warnings shown to the user who sent the request
  record Allowed(JsonArray patch, List<String> warnings) implements Verdict {
    public Allowed {
      warnings = List.copyOf(warnings);
    }
  }

  /// The request is refused; the message is shown to the user who sent it.
  record Refused(String message) implements Verdict {}
}
