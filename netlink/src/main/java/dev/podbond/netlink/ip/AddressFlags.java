package dev.podbond.netlink.ip;

/// The flags of an IP address, `IFA_F_*` of `linux/if_addr.h`.
///
/// @param bits all flags
public record AddressFlags(int bits) {
  /// No flags.
  public static final AddressFlags NONE = new AddressFlags(0);

  private static final int DAD_FAILED = 0x8;
  private static final int TENTATIVE = 0x40;

  /// Duplicate address detection found another node with this address, so the kernel does not use
  /// it.
  public boolean isDadFailed() {
    return has(DAD_FAILED);
  }

  /// Duplicate address detection is running: the address is not usable yet, unless it is
  /// optimistic.
  public boolean isTentative() {
    return has(TENTATIVE);
  }

  private boolean has(int bit) {
    return (bits & bit) != 0;
  }
}
