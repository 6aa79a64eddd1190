package dev.podbond.json;

/// Equality of member names as Go's `encoding/json` sees it: Unicode simple folding, character by
/// character.
final class GoKey {

  private GoKey() {}

  static boolean matches(String field, String key) {
    if (field.length() != key.length()) {
      return false;
    }
    for (int i = 0; i < field.length(); i++) {
      if (fold(field.charAt(i)) != fold(key.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /// In Go, dotted capital and dotless small i fold to nothing else; Java maps both to `i`.
  private static char fold(char c) {
    return c == '\u0130' || c == '\u0131' ? c : Character.toLowerCase(Character.toUpperCase(c));
  }
}
