package dev.podbond.netlink.link;

/// How a bonding attribute travels.
public enum AttributeType {
  U8,
  U16,
  U32,
  S32,
  /// An interface by its index, an unsigned number of 32 bits; 0 for none.
  IFINDEX,
  /// A hardware address.
  MAC,
  /// A list of IPv4 addresses, each an attribute with its position as type.
  IPV4_LIST,
  /// The same of IPv6 addresses.
  IPV6_LIST,
  /// [BondAggregator], which the kernel only tells.
  AGGREGATOR;

  long min() {
    return this == S32 ? Integer.MIN_VALUE : 0;
  }

  long max() {
    return switch (this) {
      case U8 -> 0xff;
      case U16 -> 0xffff;
      case U32, IFINDEX -> 0xffff_ffffL;
      case S32 -> Integer.MAX_VALUE;
      case MAC, IPV4_LIST, IPV6_LIST, AGGREGATOR ->
          throw new IllegalArgumentException(this + " is no number");
    };
  }
}
