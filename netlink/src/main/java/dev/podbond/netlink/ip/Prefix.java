package dev.podbond.netlink.ip;

import java.net.InetAddress;

/// A range of addresses that share their first bits, such as `10.1.0.0/16`.
///
/// The bits after the prefix are kept as they are given.
///
/// @param address an address of the range
/// @param length how many bits are shared
public record Prefix(InetAddress address, int length) {
  /// Refuses lengths that the address does not have.
  public Prefix {
    int max = Family.of(address).maxPrefixLength();
    if (length < 0 || length > max) {
      throw new IllegalArgumentException("prefix length " + length + " is not in 0.." + max);
    }
  }

  /// All addresses of a family: the destination of a default route.
  public static Prefix all(Family family) {
    return new Prefix(family.any(), 0);
  }

  /// The family.
  public Family family() {
    return Family.of(address);
  }

  /// Such as `10.1.0.0/16`.
  @Override
  public String toString() {
    return IpText.of(address) + "/" + length;
  }
}
