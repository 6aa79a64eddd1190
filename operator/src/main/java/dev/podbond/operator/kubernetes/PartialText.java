package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;

/// A part of an object, written by others and kept as text: a tree takes many times as much memory.
/// If it is larger than it ever needs to be, only its size is kept.
///
/// @param text JSON; "{}" if there is a problem
/// @param values how many values it has
/// @param problem why it was not kept
@JsonDeserialize(using = PartialText.Reader.class)
record PartialText(String text, int values, Optional<String> problem) {
  static final PartialText NOTHING = new PartialText("{}", 1, Optional.empty());

  private static final JsonFactory FACTORY = new JsonFactory();

  /// Its content.
  ///
  /// @throws NotReadException if it was not kept
  JsonObject object() {
    if (problem.isPresent()) {
      throw new NotReadException(problem.get());
    }
    try {
      return Json.parseObject(text);
    } catch (JsonException e) {
      throw new IllegalStateException("it was readable before", e);
    }
  }

  /// Reads a value; drops it if it exceeds the limits.
  static final class Reader extends JsonDeserializer<PartialText> {
    @Override
    public PartialText deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return read(parser, BoundedObject.LIMITS);
    }
  }

  static PartialText read(JsonParser parser, JsonLimits limits) throws IOException {
    StringWriter text = new StringWriter();
    long length = 0;
    int values = 0;
    int depth = 0;
    boolean fits = true;
    try (JsonGenerator copy = FACTORY.createGenerator(text)) {
      JsonToken token = parser.currentToken();
      while (true) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        }
        values += token == JsonToken.FIELD_NAME || token.isStructEnd() ? 0 : 1;
        length +=
            token == JsonToken.FIELD_NAME
                ? parser.currentName().length() + 3
                : parser.getTextLength() + (token == JsonToken.VALUE_STRING ? 3 : 1);
        fits =
            fits
                && length <= limits.bytes()
                && values <= limits.values()
                && depth <= Json.MAX_DEPTH;
        if (fits) {
          copy(token, parser, copy);
        }
        if (depth == 0) {
          break;
        }
        token = parser.nextToken();
      }
    }
    if (!fits) {
      return refused(
          "it has "
              + length
              + " characters and "
              + values
              + " values, of which at most "
              + limits.bytes()
              + " and "
              + limits.values()
              + " are read, at most "
              + Json.MAX_DEPTH
              + " deep");
    }
    try {
      JsonObject _ = Json.parseObject(text.toString());
      return new PartialText(text.toString(), values, Optional.empty());
    } catch (JsonException e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private static PartialText refused(String problem) {
    return new PartialText("{}", 1, Optional.of("its spec is not read: " + problem));
  }

  /// Copies numbers in their original form.
  private static void copy(JsonToken token, JsonParser parser, JsonGenerator copy)
      throws IOException {
    if (token.isNumeric()) {
      copy.writeNumber(parser.getText());
    } else {
      copy.copyCurrentEvent(parser);
    }
  }
}
