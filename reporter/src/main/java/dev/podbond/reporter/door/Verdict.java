package dev.podbond.reporter.door;

/// Whether somebody may read metrics.
enum Verdict {
  ALLOWED,
  /// The API server does not know whose the token is.
  UNKNOWN,
  /// It knows, and does not allow it.
  FORBIDDEN
}
