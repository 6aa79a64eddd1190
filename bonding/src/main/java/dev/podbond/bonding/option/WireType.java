package dev.podbond.bonding.option;

/// How an option travels in `IFLA_INFO_DATA`. Numbers are in host byte order.
public enum WireType {
  U8,
  U16,
  U32,
  /// An interface as u32 ifindex; 0 for none.
  IFINDEX,
  /// Six octets.
  MAC,
  /// A nest of attributes 0 to 15, each an IPv4 address in network byte order.
  IP4_LIST,
  /// A nest of attributes 0 to 15, each an IPv6 address.
  IP6_LIST,
  /// A nest that the kernel only reports.
  READ_ONLY_NEST
}
