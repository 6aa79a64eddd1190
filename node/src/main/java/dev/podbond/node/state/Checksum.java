package dev.podbond.node.state;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// The member of a stored object that tells a spoiled one from a sound one, where both are JSON: a
/// single bit makes another MAC of a MAC, and a removal would restore it.
final class Checksum {
  private static final String MEMBER = "crc32c";

  private Checksum() {}

  /// The object with its checksum as the last member.
  static JsonObject on(JsonObject object) {
    return object.with(MEMBER, new JsonString(of(object)));
  }

  /// Whether the object is as it was written; so is one that was written without a checksum.
  static boolean holds(JsonObject stored) {
    return stored
        .get(MEMBER)
        .map(sum -> sum.equals(new JsonString(of(stored.without(MEMBER)))))
        .orElse(true);
  }

  private static String of(JsonObject object) {
    CRC32C sum = new CRC32C();
    sum.update(object.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }
}
