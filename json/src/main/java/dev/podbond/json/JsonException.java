package dev.podbond.json;

import java.io.Serial;

/// Text that is not JSON, or more of it than the limits of [Json] allow. The message names the line
/// and column, both counted from 1.
public sealed class JsonException extends Exception permits JsonTooLargeException {

  @Serial private static final long serialVersionUID = 1L;

  /// What was wrong and where.
  public JsonException(String problem, int line, int column) {
    super("line " + line + ", column " + column + ": " + problem);
  }

  /// What was wrong with the document as a whole.
  public JsonException(String problem) {
    super(problem);
  }
}
