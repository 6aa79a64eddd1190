package dev.podbond.cluster.observed;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.json.Printable;

/// Texts of a report, as far as they are kept. The same few come again and again, so that each is
/// in memory once.
final class Texts {
  /// The longest that a name or a cause may be.
  private static final int MAX_CHARS = 256;

  private Texts() {}

  /// A member's text; "" if there is none.
  static String of(JsonObject object, String key) {
    return LenientObject.text(object, key).map(Texts::limited).orElse("");
  }

  /// Its beginning, without control characters.
  static String limited(String text) {
    String printable = Printable.line(Printable.head(text, MAX_CHARS));
    return Printable.head(printable, MAX_CHARS).intern();
  }
}
