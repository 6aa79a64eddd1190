package dev.podbond.json;

/// Text for a log or a terminal. Names that a pod chose for its interfaces, and what other programs
/// said, may hold line ends and control sequences: with them they could forge a line of the log, or
/// command the terminal of whoever reads it.
public final class Printable {
  private Printable() {}

  /// The text in one line, every character without a shape of its own as its number, `<001b>`.
  public static String line(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (hasShape(c)) {
            line.appendCodePoint(c);
          } else {
            line.append("<%04x>".formatted(c));
          }
        });
    return line.toString();
  }

  /// A value as indented JSON, every character without a shape of its own as its JSON escape: it
  /// reads as the same value.
  public static String json(JsonValue value) {
    StringBuilder text = new StringBuilder();
    value
        .toPrettyString()
        .codePoints()
        .forEach(c -> {
          if (c == '\n' || hasShape(c)) {
            text.appendCodePoint(c);
          } else {
            for (char unit : Character.toChars(c)) {
              text.append("\\u%04x".formatted((int) unit));
            }
          }
        });
    return text.toString();
  }

  private static boolean hasShape(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
