package dev.podbond.node.state;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// The member that shows whether a stored object is intact. A damaged object may still be valid
/// JSON: one flipped bit makes another MAC, and a removal would restore it.
final class Checksum {
  /// Its name.
  static final String MEMBER = "crc32c";

  private Checksum() {}

  /// The object with its checksum as the last member.
  static JsonObject on(JsonObject object) {
    return object.with(MEMBER, new JsonString(of(object)));
  }

  /// The text of the object with its checksum, one line. It is written once, not once more for the
  /// checksum.
  static String textWith(JsonObject object) {
    String text = object.toString();
    Running running = new Running();
    running.add(text);
    String separator = object.members().isEmpty() ? "" : ",";
    return text.substring(0, text.length() - 1)
        + separator
        + JsonObject.of(MEMBER, new JsonString(running.text())).toString().substring(1);
  }

  /// Whether an object has the checksum of its other members.
  static boolean isOn(JsonObject stored) {
    return stored
        .get(MEMBER)
        .filter(new JsonString(of(stored.without(MEMBER)))::equals)
        .isPresent();
  }

  /// Makes the checksum of an object whose text comes in pieces.
  static final class Running {
    private final CRC32C sum = new CRC32C();

    void add(String piece) {
      sum.update(piece.getBytes(StandardCharsets.UTF_8));
    }

    /// Whether the object's checksum matches; true if it has no checksum.
    boolean isThatOf(JsonObject stored) {
      return stored.get(MEMBER).map(found -> found.equals(new JsonString(text()))).orElse(true);
    }

    private String text() {
      return HexFormat.of().toHexDigits((int) sum.getValue());
    }
  }

  private static String of(JsonObject object) {
    Running running = new Running();
    running.add(object.toString());
    return running.text();
  }
}
