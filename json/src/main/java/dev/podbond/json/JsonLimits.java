package dev.podbond.json;

/// How much of a document is read. The cost of a document is its tree, about 16 bytes for each byte
/// of the most wasteful text: so values are limited as well as bytes.
///
/// @param bytes longest text, in bytes of UTF-8
/// @param values most values: objects, arrays, strings, numbers and literals, the document itself
///   included; names of members do not count
public record JsonLimits(int bytes, int values) {
  /// The most that [Json] ever reads.
  public static final JsonLimits MOST = new JsonLimits(Json.MAX_DOCUMENT_BYTES, Json.MAX_TOKENS);

  /// The most that a plugin reads of one network configuration. Here, below all that reads one or
  /// writes one for a plugin: who lets more pass makes pods that hang.
  public static final JsonLimits NETWORK_CONFIG = new JsonLimits(64 * 1024, 10_000);

  /// The failure for a document of this many bytes that is longer than these limits.
  public JsonTooLargeException tooLong(long found) {
    return new JsonTooLargeException(
        "the document has " + found + " bytes, of which at most " + bytes + " are allowed");
  }

  JsonTooLargeException tooMany(long found) {
    return new JsonTooLargeException(
        "the document has " + found + " values, of which at most " + values + " are allowed");
  }
}
