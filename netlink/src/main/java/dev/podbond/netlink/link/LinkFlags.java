package dev.podbond.netlink.link;

/// The flags of an interface, `IFF_*` of `linux/if.h`.
///
/// @param bits all of them, as the kernel gave them
public record LinkFlags(int bits) {
  private static final int UP = 0x1;
  private static final int LOOPBACK = 0x8;
  private static final int RUNNING = 0x40;
  private static final int MASTER = 0x400;
  private static final int SLAVE = 0x800;
  private static final int LOWER_UP = 0x10000;

  /// `IFF_UP`: the administrator wants it up.
  public boolean isUp() {
    return has(UP);
  }

  /// `IFF_LOWER_UP`: the driver has a carrier, while the interface is up.
  public boolean isLowerUp() {
    return has(LOWER_UP);
  }

  /// `IFF_RUNNING`: operational by RFC 2863.
  public boolean isRunning() {
    return has(RUNNING);
  }

  /// `IFF_LOOPBACK`.
  public boolean isLoopback() {
    return has(LOOPBACK);
  }

  /// `IFF_MASTER`: a bond.
  public boolean isBond() {
    return has(MASTER);
  }

  /// `IFF_SLAVE`: a member of a bond.
  public boolean isBondMember() {
    return has(SLAVE);
  }

  private boolean has(int bit) {
    return (bits & bit) != 0;
  }
}
