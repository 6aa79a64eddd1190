package dev.podbond.cni.spec;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Optional;

/// The error object of the CNI specification, section "Error".
///
/// @param code what kind of failure
/// @param msg one sentence for people
/// @param details further details; may be empty
public record CniError(CniErrorCode code, String msg, String details) {

  /// An error without details.
  public CniError(CniErrorCode code, String msg) {
    this(code, msg, "");
  }

  /// The object as the Go library prints it: `code`, `msg`, and `details` unless empty.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("code", code.value())
        .put("msg", msg)
        .putIfPresent("details", Optional.of(details).filter(d -> !d.isEmpty()), JsonString::new)
        .build();
  }

  /// Reads an error object, such as a failed delegate prints.
  ///
  /// @throws JsonException if the text is not a JSON object or a member has the wrong type
  public static CniError parse(String text) throws JsonException {
    JsonObject json = Json.parseObject(text, CniResult.LIMITS);
    return new CniError(code(json), string(json, "msg"), string(json, "details"));
  }

  private static CniErrorCode code(JsonObject json) throws JsonException {
    var value = json.find("code");
    if (value.isEmpty()) {
      return new CniErrorCode(0);
    }
    if (value.get() instanceof JsonNumber number && number.isIntegral()) {
      try {
        return new CniErrorCode(Math.toIntExact(number.longValue()));
      } catch (ArithmeticException | IllegalArgumentException _) {
        // Falls through to the one message below.
      }
    }
    throw new JsonException("member \"code\" is not an error code: " + value.get());
  }

  private static String string(JsonObject json, String key) throws JsonException {
    var value = json.find(key);
    if (value.isEmpty()) {
      return "";
    }
    if (value.get() instanceof JsonString string) {
      return string.value();
    }
    throw new JsonException("member \"" + key + "\" is not a string: " + value.get());
  }

  @Override
  public String toString() {
    return details.isEmpty() ? msg : msg + "; " + details;
  }
}
