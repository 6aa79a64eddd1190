package dev.podbond.agent.apiserver;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import dev.podbond.json.Printable;
import java.net.HttpURLConnection;

/// An answer of the API server, or of whoever answers in its place.
///
/// @param status the status of HTTP
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ApiReply(int status, byte[] body) {
  private static final int MOST_CHARS = 300;

  /// The object that it is.
  ///
  /// @throws JsonException if it is none
  public JsonObject object() throws JsonException {
    return Json.parseObject(body);
  }

  /// Whether the API server itself says that there is no such object. Any other web server in its
  /// place can answer 404 too, and so does the API server where it does not know the kind.
  public boolean saysNotFound() {
    if (status != HttpURLConnection.HTTP_NOT_FOUND) {
      return false;
    }
    try {
      JsonObject said = object();
      return said.get("kind").orElse(said).equals(new JsonString("Status"))
          && said.get("reason").orElse(said).equals(new JsonString("NotFound"));
    } catch (JsonException _) {
      return false;
    }
  }

  /// What the API server says of a failure, in one line; empty if it says nothing.
  public String message() {
    try {
      String text = Printable.line(LenientObject.text(object(), "message").orElse(""));
      return text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) + "..." : text;
    } catch (JsonException _) {
      return "";
    }
  }
}
