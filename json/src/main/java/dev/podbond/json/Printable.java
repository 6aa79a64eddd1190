package dev.podbond.json;

import java.nio.charset.StandardCharsets;

/// Text for a log or a terminal. Interface names chosen by a pod, and messages of other programs,
/// may contain line ends and control sequences. These could forge a line of the log or send
/// commands to the reader's terminal.
public final class Printable {
  private Printable() {}

  /// The text in one line; every character without a visible shape becomes its number, `<001b>`.
  public static String line(String text) {
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

  /// As [#line(String)], of text in UTF-8; octets that are none become U+FFFD.
  public static String line(byte[] utf8) {
    return line(new String(utf8, StandardCharsets.UTF_8));
  }

  /// The beginning of a text: at most so many chars, and no half of a character, which would be
  /// stored as another one.
  public static String head(String text, int mostChars) {
    if (text.length() <= mostChars) {
      return text;
    }
    boolean isCut =
        mostChars > 0
            && Character.isHighSurrogate(text.charAt(mostChars - 1))
            && Character.isLowSurrogate(text.charAt(mostChars));
    return text.substring(0, isCut ? mostChars - 1 : mostChars);
  }

  /// A value as indented JSON; every character without a visible shape becomes its JSON escape, so
  /// the text still reads as the same value.
  public static String json(JsonValue value) {
    return escaped(value.toPrettyString());
  }

  /// As [#json], in one line.
  public static String jsonLine(JsonValue value) {
    return escaped(value.toString());
  }

  /// Outside of strings JSON has no character without a shape but line ends.
  private static String escaped(String json) {
    StringBuilder text = new StringBuilder();
    json.codePoints()
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
