package dev.podbond.acceptance.fault;

/// What happens at a point.
public enum Fault {
  /// At a point before: it is refused and not done. At a point after: it is done, and its answer is
  /// lost.
  FAIL,
  /// The call ends as by `kill -9`, but its process goes on: from here on nothing of the call
  /// reaches kernel, disk or delegates, not even its clean-up.
  DIE,
  /// The process ends, with everything in it.
  KILL,
  /// The call stands still while a test does something else.
  PAUSE;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
