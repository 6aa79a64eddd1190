package dev.podbond.cluster.observed;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.json.Printable;

/// Texts of a report, as far as they are kept. The same few come again and again, so that each is
/// in memory once.
final class Texts {
  /// The longest that a name or a cause may be.
  private static final int MAX_CHARS = 256;

  /// A namespace has 63 characters at most, and a name 253.
  private static final int MAX_PATH_CHARS = 63 + 1 + 253;

  private Texts() {}

  /// A member's text; "" if there is none.
  static String of(JsonObject object, String key) {
    return LenientObject.text(object, key).map(Texts::limited).orElse("");
  }

  /// A member that is a namespace and a name; "" if there is none.
  static String path(JsonObject object, String key) {
    return LenientObject.text(object, key).map(text -> limited(text, MAX_PATH_CHARS)).orElse("");
  }

  /// Its beginning, without control characters.
  static String limited(String text) {
    return limited(text, MAX_CHARS);
  }

  private static String limited(String text, int most) {
    String printable = Printable.line(Printable.head(text, most));
    return Printable.head(printable, most).intern();
  }
}
