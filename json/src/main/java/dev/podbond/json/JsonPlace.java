package dev.podbond.json;

/// A place in a text.
///
/// @param offset in characters of Java from the beginning of the text, counted from 0
/// @param line counted from 1; a line ends with a line feed, a carriage return or both
/// @param column in characters of Java, counted from 1
public record JsonPlace(int offset, int line, int column) {

  /// The place of a character of a text, or of the text's end.
  public static JsonPlace of(String text, int offset) {
    int line = 1;
    int begin = 0;
    for (int i = 0; i < offset; i++) {
      char c = text.charAt(i);
      if (c == '\n' && i > 0 && text.charAt(i - 1) == '\r') {
        begin = i + 1;
      } else if (c == '\n' || c == '\r') {
        line++;
        begin = i + 1;
      }
    }
    return new JsonPlace(offset, line, offset - begin + 1);
  }

  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
