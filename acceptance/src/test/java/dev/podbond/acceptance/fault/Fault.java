package dev.podbond.acceptance.fault;

/// What happens at a point.
public enum Fault {
  /// Before: it is refused and not done. After: it is done, and the answer is lost.
  FAIL,
  /// The call ends as by `kill -9`, within a process that goes on: from here on nothing of the call
  /// reaches kernel, disk or delegates, not even what it does on its way out.
  DIE,
  /// The process ends, with all that is in it.
  KILL,
  /// The call stands still while a test does something else.
  PAUSE;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
