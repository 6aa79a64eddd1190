package dev.podbond.json;

import java.util.Iterator;
import java.util.Map;

/// Writes values as RFC 8259 text.
final class JsonText {
  private static final int QUOTES = 2;
  private static final String INDENT = "    ";
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out;
  private final boolean indented;

  private JsonText(StringBuilder out, boolean indented) {
    this.out = out;
    this.indented = indented;
  }

  /// Appends the compact text of a value.
  static void append(JsonValue value, StringBuilder out) {
    new JsonText(out, false).write(value, 0);
  }

  /// How many characters the compact text of a value has that is no object or array.
  static int length(JsonValue leaf) {
    if (leaf instanceof JsonString(String text) && isPlain(text)) {
      return text.length() + QUOTES;
    }
    return leaf.toString().length();
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!isPlain(value, i)) {
        return false;
      }
    }
    return true;
  }

  static String compact(JsonValue value) {
    return text(value, false);
  }

  static String indented(JsonValue value) {
    return text(value, true);
  }

  private static String text(JsonValue value, boolean indented) {
    StringBuilder out = new StringBuilder();
    new JsonText(out, indented).write(value, 0);
    return out.toString();
  }

  private void write(JsonValue value, int depth) {
    switch (value) {
      case JsonObject object -> writeObject(object, depth);
      case JsonArray array -> writeArray(array, depth);
      case JsonString string -> writeString(string.value());
      case JsonNumber number -> out.append(number.text());
      case JsonBoolean literal -> out.append(literal);
      case JsonNull literal -> out.append(literal);
    }
  }

  private void writeObject(JsonObject object, int depth) {
    out.append('{');
    Iterator<Map.Entry<String, JsonValue>> members = object.members().entrySet().iterator();
    while (members.hasNext()) {
      Map.Entry<String, JsonValue> member = members.next();
      newLine(depth + 1);
      writeString(member.getKey());
      out.append(indented ? ": " : ":");
      write(member.getValue(), depth + 1);
      if (members.hasNext()) {
        out.append(',');
      } else {
        newLine(depth);
      }
    }
    out.append('}');
  }

  private void writeArray(JsonArray array, int depth) {
    out.append('[');
    Iterator<JsonValue> elements = array.elements().iterator();
    while (elements.hasNext()) {
      newLine(depth + 1);
      write(elements.next(), depth + 1);
      if (elements.hasNext()) {
        out.append(',');
      } else {
        newLine(depth);
      }
    }
    out.append(']');
  }

  private void newLine(int depth) {
    if (indented) {
      out.append('\n').repeat(INDENT, depth);
    }
  }

  private void writeString(String value) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < value.length(); i++) {
      if (isPlain(value, i)) {
        continue;
      }
      out.append(value, written, i);
      written = i + 1;
      switch (value.charAt(i)) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> writeEscape(value.charAt(i));
      }
    }
    out.append(value, written, value.length()).append('"');
  }

  /// Whether a character stands for itself, as nearly all do: they are written many at a time.
  private static boolean isPlain(String value, int i) {
    char c = value.charAt(i);
    return c >= ' '
        && c != '"'
        && c != '\\'
        && c != 0x7f
        && (!Character.isSurrogate(c) || !isLoneSurrogate(value, i));
  }

  /// A surrogate without its other half has no UTF-8 form; we write it as an escape to keep it.
  private static boolean isLoneSurrogate(String value, int i) {
    char c = value.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
  }

  private void writeEscape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((c >> shift) & 0xf));
    }
  }
}
