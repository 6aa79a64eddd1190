package dev.podbond.json;

import java.util.HexFormat;
import java.util.Optional;

/// Finds what is wrong with a text that is not valid JSON, and describes it for its author at the
/// place to correct. A parser reports where it failed, which is often elsewhere: after a trailing
/// comma it fails at the bracket, which is correct.
final class FaultFinder {
  private static final int EXCERPT_CHARS = 32;
  private static final String OTHER_QUOTES = "'`\u00b4\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb";
  private static final String ESCAPES = "\"\\/bfnrt";

  private final String text;
  private int at;
  private int depth;
  private long tokens;

  /// Parsers differ in what they accept as a character: this is the fault only if there is no
  /// other.
  private Optional<JsonException> halfCharacter = Optional.empty();

  private FaultFinder(String text) {
    this.text = text;
  }

  /// The fault in a document; the parser's own message if this finds none.
  static JsonException ofDocument(String text, JsonException otherwise) {
    try {
      FaultFinder finder = new FaultFinder(text);
      finder.document();
      return finder.halfCharacter.orElse(otherwise);
    } catch (JsonException found) {
      return found;
    }
  }

  /// The fault in values separated by commas; the parser's own message if this finds none.
  static JsonException ofElements(String text, JsonException otherwise) {
    try {
      FaultFinder finder = new FaultFinder(text);
      finder.elements();
      return finder.halfCharacter.orElse(otherwise);
    } catch (JsonException found) {
      return found;
    }
  }

  private void document() throws JsonException {
    space();
    if (isAtEnd()) {
      throw new JsonException("the document is empty");
    }
    value();
    space();
    if (!isAtEnd()) {
      throw here(
          isAt('}') || isAt(']')
              ? "one " + text.charAt(at) + " too many: everything is closed already"
              : "the document has ended before this; remove what follows");
    }
  }

  private void elements() throws JsonException {
    space();
    while (!isAtEnd()) {
      value();
      int end = at;
      space();
      if (isAtEnd()) {
        return;
      }
      int comma = at;
      requireComma(end, "");
      space();
      if (isAtEnd()) {
        throw fault(comma, "a comma with nothing after it; remove it");
      }
    }
    throw new JsonException("the document is empty");
  }

  private void value() throws JsonException {
    countToken();
    switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string("string", Json.MAX_STRING_CHARS);
      case ',', ':', '}', ']' -> throw here("a value is missing before this " + text.charAt(at));
      default -> word();
    }
  }

  private void object() throws JsonException {
    int opened = enter();
    while (!isAt('}')) {
      name(opened);
      space();
      requireMore(opened);
      if (!isAt(':')) {
        throw here("a colon is missing before this, or the name before it lacks a double quote");
      }
      at++;
      space();
      requireMore(opened);
      value();
      next(opened, '}');
    }
    leave();
  }

  private void array() throws JsonException {
    int opened = enter();
    while (!isAt(']')) {
      if (isAt(',')) {
        throw here("a comma with nothing before it; remove it");
      }
      if (isAt('}')) {
        throw wrongBracket(opened);
      }
      value();
      next(opened, ']');
    }
    leave();
  }

  private int enter() throws JsonException {
    int opened = at;
    depth++;
    if (depth > Json.MAX_DEPTH) {
      throw here("nested more than " + Json.MAX_DEPTH + " levels deep");
    }
    at++;
    space();
    requireMore(opened);
    return opened;
  }

  private void leave() throws JsonException {
    countToken();
    depth--;
    at++;
  }

  /// Goes from the end of a value to the closing bracket, or past a comma to the next value.
  private void next(int opened, char closing) throws JsonException {
    int end = at;
    space();
    requireMore(opened);
    if (isAt(closing)) {
      return;
    }
    if (isAt('}') || isAt(']')) {
      throw wrongBracket(opened);
    }
    int comma = at;
    requireComma(end, " or " + closing);
    space();
    requireMore(opened);
    if (isAt(closing)) {
      throw fault(comma, "a comma with nothing after it; remove it");
    }
  }

  private void requireComma(int end, String otherwise) throws JsonException {
    if (isAt(',')) {
      at++;
      return;
    }
    char before = text.charAt(end - 1);
    char found = text.charAt(at);
    if (before == '"' && end == at && isWordPart(found)) {
      throw here(
          "a comma"
              + otherwise
              + " belongs between this and the string before it, or a double quote is missing or"
              + " one too many");
    }
    if (found == ':') {
      throw here("a colon where a comma" + otherwise + " belongs");
    }
    throw fault(end, "a comma" + otherwise + " is missing here");
  }

  private void name(int opened) throws JsonException {
    switch (text.charAt(at)) {
      case '"' -> {
        countToken();
        int begin = at;
        lookForHalves(begin, string("name", Json.MAX_NAME_CHARS));
      }
      case ',' -> throw here("a comma with nothing before it; remove it");
      case ':' -> throw here("a name in double quotes is missing before this colon");
      case ']' -> throw wrongBracket(opened);
      default -> {
        requireNoOtherQuote();
        throw here("a name in double quotes belongs here, found " + excerpt());
      }
    }
  }

  /// Reads a string to its end.
  ///
  /// @return its characters, up to the limit
  private String string(String what, int limit) throws JsonException {
    int opened = at;
    StringBuilder read = new StringBuilder();
    at++;
    while (!isAt('"')) {
      if (isAtEnd()) {
        throw fault(opened, "the closing double quote of this " + what + " is missing");
      }
      char c = text.charAt(at);
      if (c == '\n' || c == '\r') {
        throw fault(
            opened,
            "the closing double quote of this "
                + what
                + " is missing on its line; a line end in it is written \\n");
      }
      if (c < ' ') {
        throw here(
            "a "
                + what
                + " cannot hold this character as it is; write "
                + (c == '\t' ? "\\t" : "\\u%04x".formatted((int) c)));
      }
      if (c == '\\') {
        escape(read, opened, what);
      } else {
        read.append(c);
      }
      at++;
      if (read.length() > limit) {
        throw fault(opened, "a " + what + " of more than " + limit + " characters");
      }
    }
    at++;
    return read.toString();
  }

  /// Appends one character for an escape, a surrogate as itself; stops at the escape's last
  /// character.
  private void escape(StringBuilder read, int opened, String what) throws JsonException {
    int backslash = at;
    at++;
    if (isAtEnd()) {
      throw fault(opened, "the closing double quote of this " + what + " is missing");
    }
    char c = text.charAt(at);
    if (c != 'u') {
      if (ESCAPES.indexOf(c) < 0) {
        throw fault(
            backslash, "JSON has no such escape; a backslash itself is written \\\\ in a " + what);
      }
      read.append(c);
      return;
    }
    int end = at + 1;
    while (end < text.length() && end <= at + 4 && HexFormat.isHexDigit(text.charAt(end))) {
      end++;
    }
    if (end != at + 5) {
      throw fault(backslash, "\\u needs four hexadecimal digits after it");
    }
    read.append((char) HexFormat.fromHexDigits(text, at + 1, end));
    at = end - 1;
  }

  private void lookForHalves(int begin, String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < name.length()
              && Character.isLowSurrogate(name.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(c)) {
        halfCharacter =
            Optional.of(
                fault(begin, "this name holds half a surrogate pair, which is not a character"));
      }
    }
  }

  private void word() throws JsonException {
    requireNoOtherQuote();
    int begin = at;
    String excerpt = excerpt();
    while (!isAtEnd() && isWordPart(text.charAt(at))) {
      at++;
    }
    String word = text.substring(begin, at);
    switch (word) {
      case "true", "false", "null" -> {}
      default -> {
        char first = word.charAt(0);
        if ((first >= '0' && first <= '9') || "+-.".indexOf(first) >= 0) {
          number(begin, word, excerpt);
        } else if (word.equalsIgnoreCase("true")
            || word.equalsIgnoreCase("false")
            || word.equalsIgnoreCase("null")) {
          throw fault(begin, excerpt + " is written in lower case letters");
        } else {
          throw fault(begin, excerpt + " needs double quotes around it");
        }
      }
    }
  }

  private void number(int begin, String word, String excerpt) throws JsonException {
    if (word.length() > Json.MAX_NUMBER_CHARS) {
      throw fault(begin, "a number of more than " + Json.MAX_NUMBER_CHARS + " characters");
    }
    if (!JsonNumber.isNumber(word)) {
      throw fault(
          begin,
          excerpt
              + " is not a JSON number: write it in decimal, without + or 0 before it, with digits"
              + " on both sides of a point; a string needs double quotes around it");
    }
  }

  private void requireNoOtherQuote() throws JsonException {
    if (OTHER_QUOTES.indexOf(text.charAt(at)) >= 0) {
      throw here("the quotes of JSON are \", not " + text.charAt(at));
    }
  }

  /// Skips white space, and refuses characters that only look like it.
  private void space() throws JsonException {
    while (!isAtEnd()) {
      char c = text.charAt(at);
      if (c == '#' || text.startsWith("//", at) || text.startsWith("/*", at)) {
        throw here("a comment, which JSON does not have; remove it");
      }
      if (c == '\ufeff') {
        throw here("a byte order mark, which JSON does not have; save the text without it");
      }
      if (" \t\r\n".indexOf(c) < 0) {
        if (Character.isSpaceChar(c) || Character.isWhitespace(c)) {
          throw here("U+%04X looks like a space but is not one; replace it".formatted((int) c));
        }
        return;
      }
      at++;
    }
  }

  private static boolean isWordPart(char c) {
    return " \t\r\n,:{}[]\"".indexOf(c) < 0;
  }

  /// The word at this place, in a form that fits into one line of a log.
  private String excerpt() {
    int end = at;
    while (end < text.length() && isWordPart(text.charAt(end)) && end - at < EXCERPT_CHARS) {
      end++;
    }
    boolean cut = end < text.length() && isWordPart(text.charAt(end));
    String word = text.substring(at, Math.max(end, at + 1));
    return Printable.line(word) + (cut ? "\u2026" : "");
  }

  private void countToken() throws JsonException {
    tokens++;
    if (tokens > Json.MAX_TOKENS) {
      throw here("more than " + Json.MAX_TOKENS + " names, values and brackets before this");
    }
  }

  private void requireMore(int opened) throws JsonException {
    if (isAtEnd()) {
      throw fault(opened, "this " + text.charAt(opened) + " is never closed");
    }
  }

  private JsonException wrongBracket(int opened) {
    return here(
        text.charAt(at)
            + " cannot close the "
            + text.charAt(opened)
            + " of "
            + JsonPlace.of(text, opened));
  }

  private boolean isAt(char c) {
    return !isAtEnd() && text.charAt(at) == c;
  }

  private boolean isAtEnd() {
    return at == text.length();
  }

  private JsonException here(String problem) {
    return fault(at, problem);
  }

  private JsonException fault(int offset, String problem) {
    return new JsonException(problem, JsonPlace.of(text, offset));
  }
}
