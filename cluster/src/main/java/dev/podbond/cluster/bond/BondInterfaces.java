package dev.podbond.cluster.bond;

import dev.podbond.value.InterfaceName;

/// The names of a bond's interfaces in a pod, chosen so that bonds with different names do not
/// collide.
final class BondInterfaces {
  /// Room for "-16", the last member.
  private static final int STEM_LENGTH = InterfaceName.MAX_LENGTH - 3;

  private BondInterfaces() {}

  /// The default name of a bond: its BondNetwork's, as far as it fits.
  static String bond(String bondNetwork) {
    String name = bondNetwork.replace('.', '-');
    return name.length() <= InterfaceName.MAX_LENGTH
        ? name
        : name.substring(0, InterfaceName.MAX_LENGTH);
  }

  /// A member's name: the bond's, with the member's number, from 1 on.
  static String member(String bond, int index) {
    return (bond.length() <= STEM_LENGTH ? bond : bond.substring(0, STEM_LENGTH))
        + "-"
        + (index + 1);
  }

  /// A VLAN's name: the bond's, with a suffix of at most six characters. It has no dot, since
  /// several readers of the pod's annotation do not accept one.
  static String vlan(String bond, String suffix) {
    int room = InterfaceName.MAX_LENGTH - suffix.length();
    return (bond.length() <= room ? bond : bond.substring(0, Math.max(room, 0))) + suffix;
  }
}
