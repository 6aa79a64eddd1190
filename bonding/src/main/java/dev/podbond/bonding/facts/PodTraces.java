package dev.podbond.bonding.facts;

/// What a pod's network namespace tells of other namespaces that something of the pod may be in:
/// links that stand on one of another namespace are seen from nowhere but their own.
public enum PodTraces {
  /// It knows of no namespace but the host's.
  NONE,
  /// It knows of others: a link has left for one of them.
  OTHER_NAMESPACES,
  /// It ended before anybody looked.
  GONE
}
