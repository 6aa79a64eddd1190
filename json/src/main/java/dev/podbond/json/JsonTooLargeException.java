package dev.podbond.json;

import java.io.Serial;

/// Text that is longer, or holds more values, than the reader allows. The message gives both the
/// found and the allowed size.
public final class JsonTooLargeException extends JsonException {

  @Serial private static final long serialVersionUID = 1L;

  JsonTooLargeException(String problem) {
    super(problem);
  }
}
