package dev.podbond.netlink.ip;

/// The flags of an IP address, `IFA_F_*` of `linux/if_addr.h`.
///
/// @param bits all of them
public record AddressFlags(int bits) {
  /// No flags.
  public static final AddressFlags NONE = new AddressFlags(0);

  private static final int SECONDARY = 0x1;
  private static final int NO_DAD = 0x2;
  private static final int OPTIMISTIC = 0x4;
  private static final int DAD_FAILED = 0x8;
  private static final int DEPRECATED = 0x20;
  private static final int TENTATIVE = 0x40;
  private static final int PERMANENT = 0x80;
  private static final int NO_PREFIX_ROUTE = 0x200;

  /// The same and no duplicate address detection (IPv6): the address is usable at once.
  public AddressFlags withNoDad() {
    return new AddressFlags(bits | NO_DAD);
  }

  /// The same and no route for the prefix.
  public AddressFlags withNoPrefixRoute() {
    return new AddressFlags(bits | NO_PREFIX_ROUTE);
  }

  /// IPv4: not the first of its prefix. IPv6: temporary.
  public boolean isSecondary() {
    return has(SECONDARY);
  }

  /// Without duplicate address detection.
  public boolean isNoDad() {
    return has(NO_DAD);
  }

  /// Usable while duplicate address detection is going on.
  public boolean isOptimistic() {
    return has(OPTIMISTIC);
  }

  /// Another node has the address: it is not used.
  public boolean isDadFailed() {
    return has(DAD_FAILED);
  }

  /// No longer used for new connections.
  public boolean isDeprecated() {
    return has(DEPRECATED);
  }

  /// Duplicate address detection is going on: the address is not usable yet, unless optimistic.
  public boolean isTentative() {
    return has(TENTATIVE);
  }

  /// Without an end of its lifetime.
  public boolean isPermanent() {
    return has(PERMANENT);
  }

  /// Without a route for the prefix.
  public boolean isNoPrefixRoute() {
    return has(NO_PREFIX_ROUTE);
  }

  private boolean has(int bit) {
    return (bits & bit) != 0;
  }
}
