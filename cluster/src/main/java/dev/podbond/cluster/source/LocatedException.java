package dev.podbond.cluster.source;

import java.io.Serial;

/// A failure of something that was written at a place: the message names file, line and object,
/// what was found and what to do.
public final class LocatedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// A problem at a place.
  public LocatedException(Position at, String problem) {
    super(at + ": " + problem);
  }

  /// A problem of an object at a place.
  ///
  /// @param object the object as people call it, as "Pod demo/bondpod1"
  public LocatedException(Position at, String object, String problem) {
    super(at + ": " + object + ": " + problem);
  }

  /// A problem of an object at a place that another failure led to.
  public LocatedException(Position at, String object, String problem, Throwable cause) {
    super(at + ": " + object + ": " + problem, cause);
  }
}
