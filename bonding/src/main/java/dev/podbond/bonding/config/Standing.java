package dev.podbond.bonding.config;

/// The position of a bond in its network, as far as its name depends on it.
///
/// A plugin does not learn whether other plugins are chained after it. They look for the interface
/// under `CNI_IFNAME`, also in `/proc/sys/net`, where only an interface's own name works and an
/// alternative one does not.
public enum Standing {
  /// No plugin follows, and the runtime has only numbered the interface.
  LAST("no plugin follows in its network, and CNI_IFNAME is only the runtime's numbering"),
  /// Plugins follow.
  FOLLOWED("plugins follow in its network, which look for the interface under CNI_IFNAME"),
  /// The pod requests the name `CNI_IFNAME`.
  ASKED_FOR("the pod asks for CNI_IFNAME"),
  /// Unknown.
  UNKNOWN(
      "nothing tells whether plugins follow in its network, which would look for the interface under"
          + " CNI_IFNAME; ifnameFirst can tell");

  private final String reason;

  Standing(String reason) {
    this.reason = reason;
  }

  /// The reason for the name, in a form that can follow "since".
  public String reason() {
    return reason;
  }

  /// Whether the configuration's `ifname` precedes `CNI_IFNAME`.
  public boolean isIfnameFirst() {
    return this == LAST;
  }
}
