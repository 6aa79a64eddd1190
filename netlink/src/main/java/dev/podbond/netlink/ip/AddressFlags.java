package dev.podbond.netlink.ip;

/// The flags of an IP address, `IFA_F_*` of `linux/if_addr.h`.
///
/// @param bits all of them
public record AddressFlags(int bits) {
  /// No flags.
  public static final AddressFlags NONE = new AddressFlags(0);

  private static final int NO_DAD = 0x2;
  private static final int DAD_FAILED = 0x8;
  private static final int TENTATIVE = 0x40;
  private static final int PERMANENT = 0x80;

  /// The same and no duplicate address detection (IPv6): the address is usable at once.
  public AddressFlags withNoDad() {
    return new AddressFlags(bits | NO_DAD);
  }

  /// Without duplicate address detection.
  public boolean isNoDad() {
    return has(NO_DAD);
  }

  /// Another node has the address: it is not used.
  public boolean isDadFailed() {
    return has(DAD_FAILED);
  }

  /// Duplicate address detection is going on: the address is not usable yet, unless optimistic.
  public boolean isTentative() {
    return has(TENTATIVE);
  }

  /// Without an end of its lifetime.
  public boolean isPermanent() {
    return has(PERMANENT);
  }

  private boolean has(int bit) {
    return (bits & bit) != 0;
  }
}
