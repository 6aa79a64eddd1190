package dev.podbond.netlink.link;

/// Attributes of links, `IFLA_*` of `linux/if_link.h`, and the attributes nested in them.
final class Ifla {
  static final int ADDRESS = 1;
  static final int BROADCAST = 2;
  static final int IFNAME = 3;
  static final int MTU = 4;
  static final int LINK = 5;
  static final int MASTER = 10;
  static final int TXQLEN = 13;
  static final int LINKINFO = 18;
  static final int IFALIAS = 20;
  static final int VFINFO_LIST = 22;
  static final int STATS64 = 23;
  static final int GROUP = 27;
  static final int NET_NS_FD = 28;
  static final int EXT_MASK = 29;
  static final int CARRIER = 33;
  static final int PROTO_DOWN = 39;
  static final int GSO_MAX_SEGS = 40;
  static final int GSO_MAX_SIZE = 41;
  static final int XDP = 43;
  static final int PROP_LIST = 52;
  static final int ALT_IFNAME = 53;
  static final int PARENT_DEV_NAME = 56;
  static final int PARENT_DEV_BUS_NAME = 57;

  static final int GRO_MAX_SIZE = 58;
  static final int GSO_IPV4_MAX_SIZE = 63;
  static final int GRO_IPV4_MAX_SIZE = 64;

  static final int XDP_FD = 1;
  static final int XDP_ATTACHED = 2;
  static final int XDP_FLAGS = 3;

  static final int INFO_KIND = 1;
  static final int INFO_DATA = 2;
  static final int INFO_SLAVE_KIND = 4;
  static final int INFO_SLAVE_DATA = 5;

  static final int VLAN_ID = 1;
  static final int VLAN_PROTOCOL = 5;

  static final int VETH_INFO_PEER = 1;

  /// Bits of [#EXT_MASK], from `linux/rtnetlink.h`: include VFs, and leave out counters.
  static final int RTEXT_FILTER_VF = 1;

  static final int RTEXT_FILTER_SKIP_STATS = 8;

  private Ifla() {}
}
