package dev.podbond.netlink.link;

/// The wire format of a bonding attribute.
public enum AttributeType {
  U8,
  U16,
  U32,
  S32,
  /// An interface by its index, an unsigned number of 32 bits; 0 for none.
  IFINDEX,
  /// A hardware address.
  MAC,
  /// A list of IPv4 addresses. Each is an attribute whose type is its position in the list.
  IPV4_LIST,
  /// A list of IPv6 addresses in the same format.
  IPV6_LIST,
  /// A [BondAggregator]; the kernel reports it and nobody can set it.
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
          throw new IllegalArgumentException(this + " is not a number");
    };
  }
}
