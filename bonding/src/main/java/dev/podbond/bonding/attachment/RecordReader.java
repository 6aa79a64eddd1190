package dev.podbond.bonding.attachment;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonValue;
import dev.podbond.value.InterfaceName;
import java.util.Optional;

/// How records are read: the first missing or wrong member makes the record invalid.
final class RecordReader {
  private RecordReader() {}

  static JsonReader<InvalidAttachmentException> of(JsonObject record) {
    return JsonReader.of(record, JsonReader.Keys.EXACT, RecordReader::refuse);
  }

  private static void refuse(String where, String expected, Optional<JsonValue> found)
      throws InvalidAttachmentException {
    throw new InvalidAttachmentException(
        where
            + " must be "
            + expected
            + ", found "
            + found.map(JsonReader::shown).orElse("nothing"));
  }

  static Optional<String> interfaceName(String text) {
    return Optional.of(text).filter(InterfaceName::isValid);
  }

  static Optional<String> alternativeName(String text) {
    return Optional.of(text).filter(InterfaceName::isValidAlternative);
  }
}
