package dev.podbond.cluster.source;

import java.io.Serial;
import java.util.List;

/// An error in something that was written at a place: the message gives file, line and object, what
/// was found and what to do.
public final class LocatedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String problem;

  /// The first of several failures, with the others as suppressed.
  ///
  /// @param failures at least one
  public static LocatedException first(List<LocatedException> failures) {
    LocatedException first = failures.getFirst();
    failures.stream().skip(1).forEach(first::addSuppressed);
    return first;
  }

  /// A problem at a place.
  public LocatedException(Position at, String problem) {
    super(at + ": " + problem);
    this.problem = problem;
  }

  /// A problem of an object at a place.
  ///
  /// @param object the object's name for people, as "Pod demo/bondpod1"
  public LocatedException(Position at, String object, String problem) {
    super(at + ": " + object + ": " + problem);
    this.problem = problem;
  }

  /// A problem of an object at a place, with its cause.
  public LocatedException(Position at, String object, String problem, Throwable cause) {
    super(at + ": " + object + ": " + problem, cause);
    this.problem = problem;
  }

  /// The problem without the place and the object, for readers who see these anyway.
  public String problem() {
    return problem;
  }
}
