package dev.podbond.cluster.source;

import dev.podbond.json.JsonPlace;
import java.util.Optional;

/// A text in its file: perhaps in quotes and with escapes, perhaps indented over several lines. It
/// converts a place in the text to a place in the file, which the author can see.
///
/// @param file the whole file
/// @param start where the text begins in the file, including its quotes or the `|` above it; in
///   Unicode characters
/// @param end where it ends
public record Written(String file, int start, int end) {

  /// The place in the file for a place in the text; empty if it cannot be found.
  ///
  /// @param text the text after decoding
  public Optional<JsonPlace> place(String text, JsonPlace inText) {
    int from = file.offsetByCodePoints(0, start);
    int to = file.offsetByCodePoints(from, end - start);
    int at = behindHeader(from, to);
    // In every style the characters of the text appear in the file in order, with blanks and
    // escapes between them.
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
