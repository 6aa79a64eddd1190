package dev.podbond.plugins;

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
