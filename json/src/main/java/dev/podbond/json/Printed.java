package dev.podbond.json;

/// Text of others in a message: what is no visible character, and could change how the rest of a
/// line is shown, is written by its number.
final class Printed {
  private Printed() {}

  static String of(String text) {
    StringBuilder printed = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (Character.getType(c)) {
            case Character.CONTROL,
                Character.FORMAT,
                Character.SURROGATE,
                Character.PRIVATE_USE,
                Character.UNASSIGNED,
                Character.LINE_SEPARATOR,
                Character.PARAGRAPH_SEPARATOR ->
                printed.append("<%04x>".formatted(c));
            default -> printed.appendCodePoint(c);
          }
        });
    return printed.toString();
  }
}
