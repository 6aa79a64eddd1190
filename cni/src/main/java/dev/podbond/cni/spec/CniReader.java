package dev.podbond.cni.spec;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads configurations and results with Go's rules for keys. A wrong type is an error with code 6
/// and the path of the member.
final class CniReader {
  private CniReader() {}

  static JsonReader<CniException> of(JsonObject json) {
    return JsonReader.of(json, JsonReader.Keys.GO, CniReader::refuse);
  }

  private static void refuse(String where, String expected, Optional<JsonValue> found)
      throws CniException {
    throw new CniException(
        CniErrorCode.DECODING_FAILURE,
        found
            .map(value ->
                where
                    + " must be "
                    + expected
                    + ", found "
                    + value.kind()
                    + " "
                    + JsonReader.shown(value))
            .orElse(where + " is missing"));
  }

  /// An integer for which zero means absent, as with Go's `omitempty`.
  static OptionalInt nonZero(JsonReader<CniException> in, String key) throws CniException {
    OptionalInt value = in.integer(key, 0, Integer.MAX_VALUE);
    return value.orElse(0) == 0 ? OptionalInt.empty() : value;
  }

  /// An address for which empty text means absent.
  static Optional<InetAddress> address(JsonReader<CniException> in, String key)
      throws CniException {
    return in.nonEmptyString(key).isEmpty()
        ? Optional.empty()
        : in.parsed(key, "an IP address", IpText::parse);
  }

  static IpPrefix prefix(JsonReader<CniException> in, String key) throws CniException {
    return in.require(key, "an address with prefix length", IpPrefix::parse);
  }

  /// The rest of the object without the given names.
  static JsonObject without(JsonReader<CniException> in, Set<String> known) {
    JsonObject rest = in.object();
    for (String key : known) {
      rest = rest.withoutAny(key);
    }
    return rest;
  }
}
