package dev.podbond.json;

import java.util.List;
import java.util.stream.IntStream;

/// Shared instances of the shortest values: a document can contain more of these than of any
/// others, and an object of the JVM is about ten times as long as the text that it stands for.
final class Shared {
  private static final int CHARS = 128;
  private static final List<String> NAMES =
      IntStream.range(0, CHARS).mapToObj(Character::toString).toList();
  private static final List<JsonString> STRINGS = NAMES.stream().map(JsonString::new).toList();
  private static final JsonString EMPTY = new JsonString("");
  private static final List<JsonNumber> NUMBERS =
      IntStream.range(0, 100).mapToObj(JsonNumber::of).toList();

  private Shared() {}

  private static boolean isOne(String text) {
    return text.length() == 1 && text.charAt(0) < CHARS;
  }

  static String name(String text) {
    return isOne(text) ? NAMES.get(text.charAt(0)) : text;
  }

  static JsonString string(String text) {
    if (text.isEmpty()) {
      return EMPTY;
    }
    return isOne(text) ? STRINGS.get(text.charAt(0)) : new JsonString(text);
  }

  /// @param text a number as the parser accepts it, without leading zeros
  static JsonNumber number(String text) {
    boolean isShort = text.length() <= 2 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isShort ? NUMBERS.get(Integer.parseInt(text)) : new JsonNumber(text);
  }
}
