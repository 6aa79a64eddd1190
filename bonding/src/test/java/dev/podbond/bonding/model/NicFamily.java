package dev.podbond.bonding.model;

/// How a NIC treats the MACs of its VFs.
public enum NicFamily {
  /// igb with igbvf, measured: the PF reports whatever MAC the VF has. The VF adopts a new
  /// administrative MAC when it next goes down, and until then setting that very MAC is refused. No
  /// link state, no minimum rate, no 802.1ad.
  IGB,
  /// As ice: the PF reports only the administrative MAC, and resets the VF when it changes.
  RESETTING
}
