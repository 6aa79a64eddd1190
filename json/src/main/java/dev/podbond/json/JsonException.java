package dev.podbond.json;

import java.io.Serial;
import java.util.Optional;

/// Text that is not JSON, or that exceeds the limits of [Json]. The message gives line and column,
/// both counted from 1, and explains the fault to the author of the text.
public sealed class JsonException extends Exception permits JsonTooLargeException {

  @Serial private static final long serialVersionUID = 1L;

  private final String problem;
  private final transient Optional<JsonPlace> place;

  /// What was wrong and where.
  public JsonException(String problem, JsonPlace place) {
    super(place + ": " + problem);
    this.problem = problem;
    this.place = Optional.of(place);
  }

  /// What was wrong with the document as a whole.
  public JsonException(String problem) {
    super(problem);
    this.problem = problem;
    this.place = Optional.empty();
  }

  /// What was wrong, without the place.
  public String problem() {
    return problem;
  }

  /// Where it was wrong, unless it was the document as a whole.
  public Optional<JsonPlace> place() {
    return place;
  }
}
