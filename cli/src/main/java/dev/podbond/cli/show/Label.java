package dev.podbond.cli.show;

import dev.podbond.json.Printable;

/// Names of others, cut to the room that there is.
public final class Label {
  private static final String CUT = "...";

  /// Characters from here on (Hangul, Han, pictures) may take the place of two.
  private static final int FIRST_WIDE = 0x1100;

  private static final int MOST_CHARS = 400;

  private Label() {}

  /// The text in one line without control characters, or its beginning and three dots, in so many
  /// columns of a font of equal widths.
  public static String cut(String text, int columns) {
    // Not all of a million characters: each takes a column, or is one that is left out.
    int looked = Math.min(text.length(), 2 * columns + 2);
    String shown = Printable.line(text.substring(0, looked));
    if (looked == text.length() && columns(shown) <= columns) {
      return shown;
    }
    StringBuilder fits = new StringBuilder();
    int used = CUT.length();
    for (int c : shown.codePoints().toArray()) {
      used += width(c);
      if (used > columns) {
        break;
      }
      fits.appendCodePoint(c);
    }
    return columns < CUT.length() ? CUT.substring(0, Math.max(0, columns)) : fits + CUT;
  }

  /// How many columns a text takes at most.
  public static int columns(String text) {
    return text.codePoints().map(Label::width).sum();
  }

  private static int width(int c) {
    return c >= FIRST_WIDE ? 2 : 1;
  }

  /// The text, or its beginning, for where there is more room: what is shown while the mouse is
  /// over a box.
  public static String tooltip(String text) {
    return text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS) + CUT;
  }
}
