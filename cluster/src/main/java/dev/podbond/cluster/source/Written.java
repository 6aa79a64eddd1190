package dev.podbond.cluster.source;

import dev.podbond.json.JsonPlace;
import java.util.Optional;

/// How a text stands in a file: perhaps in quotes and with escapes, perhaps indented over several
/// lines. A place in the text is thereby one in the file, which is what its author has before him.
///
/// @param file the whole file
/// @param start where in it the text begins, its quotes or the `|` above it included; in characters
///   of Unicode
/// @param end where it ends
public record Written(String file, int start, int end) {

  /// The place in the file of one in the text; empty if it cannot be told.
  ///
  /// @param text what the file was understood to say
  public Optional<JsonPlace> place(String text, JsonPlace inText) {
    int from = file.offsetByCodePoints(0, start);
    int to = file.offsetByCodePoints(from, end - start);
    int at = behindHeader(from, to);
    // Whatever a text was written with stands there in its order, blanks and escapes between.
    for (int i = 0; i < inText.offset(); i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        at = file.indexOf(text.charAt(i), at) + 1;
        if (at == 0 || at > to) {
          return Optional.empty();
        }
      }
    }
    if (inText.offset() < text.length() && !Character.isWhitespace(text.charAt(inText.offset()))) {
      at = file.indexOf(text.charAt(inText.offset()), at);
    }
    return at < 0 || at >= to ? Optional.empty() : Optional.of(JsonPlace.of(file, at));
  }

  private int behindHeader(int from, int to) {
    if (from < to && (file.charAt(from) == '|' || file.charAt(from) == '>')) {
      int end = file.indexOf('\n', from);
      return end < 0 ? to : end + 1;
    }
    return from;
  }
}
