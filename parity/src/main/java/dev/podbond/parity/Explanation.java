package dev.podbond.parity;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Why ours may differ from the peer.
///
/// @param id its name for ever
/// @param kind what it is to a user
/// @param reason in a sentence
/// @param where the differences it covers: their lines, with `*` for any text
public record Explanation(String id, Kind kind, String reason, List<String> where) {
  /// Better: the peer's behaviour is a defect. Compatible: both are right, and no caller minds.
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
