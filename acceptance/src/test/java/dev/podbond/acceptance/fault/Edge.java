package dev.podbond.acceptance.fault;

/// A place where a call leaves the process and affects the node.
public enum Edge {
  /// A change to links, VFs, addresses or routes.
  KERNEL,
  /// A write to the state directory.
  FILE,
  /// A call of an IPAM plugin.
  DELEGATE,
  /// A change of host-local's files by Podbond itself, in the middle of such a call.
  ADDRESS;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
