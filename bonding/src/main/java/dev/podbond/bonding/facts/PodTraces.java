package dev.podbond.bonding.facts;

/// What a pod's network namespace reveals about other namespaces that may hold something of the
/// pod. A link on top of another namespace's link is visible only in its own namespace.
public enum PodTraces {
  /// It knows only the host's namespace.
  NONE,
  /// It knows other namespaces: a link has moved to one of them.
  OTHER_NAMESPACES,
  /// It ended before anybody could look.
  GONE
}
