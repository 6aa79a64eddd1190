package dev.podbond.netlink.link;

/// Numbers of `linux/rtnetlink.h`, `linux/if_link.h` and `linux/if.h`.
final class LinkAttributes {
  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_SETLINK = 19;
  static final int RTM_NEWLINKPROP = 108;
  static final int RTM_DELLINKPROP = 109;

  static final int ADDRESS = 1;
  static final int BROADCAST = 2;
  static final int IFNAME = 3;
  static final int MTU = 4;
  static final int LINK = 5;
  static final int MASTER = 10;
  static final int TXQLEN = 13;
  static final int OPERSTATE = 16;
  static final int LINKINFO = 18;
  static final int IFALIAS = 20;
  static final int NUM_VF = 21;
  static final int VFINFO_LIST = 22;
  static final int GROUP = 27;
  static final int NET_NS_FD = 28;
  static final int EXT_MASK = 29;
  static final int CARRIER = 33;
  static final int CARRIER_CHANGES = 35;
  static final int LINK_NETNSID = 37;
  static final int PROTO_DOWN = 39;
  static final int GSO_MAX_SEGS = 40;
  static final int GSO_MAX_SIZE = 41;
  static final int XDP = 43;
  static final int MIN_MTU = 50;
  static final int MAX_MTU = 51;
  static final int PROP_LIST = 52;
  static final int ALT_IFNAME = 53;
  static final int PERM_ADDRESS = 54;
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

  static final int RTEXT_FILTER_VF = 1;
  static final int RTEXT_FILTER_SKIP_STATS = 8;

  static final int IFF_UP = 0x1;
  static final int IFF_DEBUG = 0x4;
  static final int IFF_NOTRAILERS = 0x20;
  static final int IFF_NOARP = 0x80;
  static final int IFF_PROMISC = 0x100;
  static final int IFF_ALLMULTI = 0x200;
  static final int IFF_MULTICAST = 0x1000;
  static final int IFF_PORTSEL = 0x2000;
  static final int IFF_AUTOMEDIA = 0x4000;
  static final int IFF_DYNAMIC = 0x8000;

  private LinkAttributes() {}
}
