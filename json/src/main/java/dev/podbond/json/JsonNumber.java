package dev.podbond.json;

import java.util.Objects;
import java.util.regex.Pattern;

/// A JSON number. It keeps the original text, so a number that is only passed on loses neither
/// digits nor form: `1.0`, `1` and `1e0` are three different values here.
///
/// @param text the number as RFC 8259 section 6 allows it
public record JsonNumber(String text) implements JsonValue {

  private static final Pattern GRAMMAR =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  /// Refuses text that is not a JSON number.
  ///
  /// @throws IllegalArgumentException if RFC 8259 does not allow the text
  public JsonNumber {
    Objects.requireNonNull(text, "text");
    if (!isNumber(text)) {
      throw new IllegalArgumentException("not a JSON number: " + text);
    }
  }

  /// Whether RFC 8259 allows the text as a number.
  public static boolean isNumber(String text) {
    return GRAMMAR.matcher(text).matches();
  }

  /// The number in plain decimal digits.
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /// True if the text has neither a fraction nor an exponent: the form that Go's `encoding/json`
  /// accepts for an integer field.
  public boolean isIntegral() {
    return text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
  }

  /// The number as a `long`.
  ///
  /// @throws ArithmeticException if the number is not integral or does not fit
  public long longValue() {
    if (!isIntegral()) {
      throw new ArithmeticException(text + " is not written as an integer");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new ArithmeticException(text + " does not fit into 64 bits");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
