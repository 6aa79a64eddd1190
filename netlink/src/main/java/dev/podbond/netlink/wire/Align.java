package dev.podbond.netlink.wire;

/// `NLMSG_ALIGN` and `NLA_ALIGN` of `linux/netlink.h`: everything starts at a multiple of four.
final class Align {
  private Align() {}

  static int up(int length) {
    return (length + 3) & ~3;
  }
}
