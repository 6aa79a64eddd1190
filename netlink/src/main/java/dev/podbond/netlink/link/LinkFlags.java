package dev.podbond.netlink.link;

/// The flags of an interface, `IFF_*` of `linux/if.h`.
///
/// @param bits all flags, as the kernel sent them
public record LinkFlags(int bits) {
  static final int UP = 0x1;
  static final int DEBUG = 0x4;
  static final int NOTRAILERS = 0x20;
  static final int RUNNING = 0x40;
  static final int NOARP = 0x80;
  static final int PROMISC = 0x100;
  static final int ALLMULTI = 0x200;
  static final int MULTICAST = 0x1000;
  static final int PORTSEL = 0x2000;
  static final int AUTOMEDIA = 0x4000;
  static final int DYNAMIC = 0x8000;

  /// `IFF_UP`: it is administratively up.
  public boolean isUp() {
    return has(UP);
  }

  /// `IFF_RUNNING`: it is operational in the sense of RFC 2863.
  public boolean isRunning() {
    return has(RUNNING);
  }

  boolean has(int bit) {
    return (bits & bit) != 0;
  }
}
