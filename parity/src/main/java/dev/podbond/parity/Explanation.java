package dev.podbond.parity;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Why ours may differ from the peer.
///
/// @param id its permanent name
/// @param kind its meaning for a user
/// @param reason one sentence
/// @param where the differences it covers: their lines, with `*` for any text
public record Explanation(String id, Kind kind, String reason, List<String> where) {
  /// How users should judge a difference.
  public enum Kind {
    /// The peer's behaviour is a defect.
    BETTER,
    /// Both are right, and no caller minds.
    COMPATIBLE
  }

  public Explanation {
    where = List.copyOf(where);
  }

  static boolean covers(String pattern, Difference difference) {
    String regex =
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.matches(regex, difference.toString());
  }
}
