package dev.podbond.bonding.config;

/// Where a bond stands in its network, as far as its name depends on it.
///
/// A plugin is not told whether others are chained after it. Those look for the interface under
/// `CNI_IFNAME`, also in `/proc/sys/net`, where only the name itself leads to it and no alternative
/// one does.
public enum Standing {
  /// No plugin follows, and the runtime has only numbered its interface.
  LAST("no plugin follows in its network, and CNI_IFNAME is only the runtime's numbering"),
  /// Plugins follow.
  FOLLOWED("plugins follow in its network, which look for the interface under CNI_IFNAME"),
  /// The pod wants its interface called `CNI_IFNAME`.
  ASKED_FOR("the pod asks for CNI_IFNAME"),
  /// Nothing tells.
  UNKNOWN(
      "nothing tells whether plugins follow in its network, which would look for the interface under"
          + " CNI_IFNAME; ifnameFirst can tell");

  private final String reason;

  Standing(String reason) {
    this.reason = reason;
  }

  /// Why the name is what it is, to go on after "since".
  public String reason() {
    return reason;
  }

  /// Whether the configuration's `ifname` goes before `CNI_IFNAME`.
  public boolean isIfnameFirst() {
    return this == LAST;
  }
}
