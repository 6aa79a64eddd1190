package dev.podbond.netlink.linux;

/// Constants of the headers named above them. They are equal on every 64-bit Linux that JDK 25 runs
/// on.
public final class LinuxConstants {
  // asm-generic/fcntl.h
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_CLOEXEC = 0x80000;

  public static final int LOCK_EX = 2;
  public static final int LOCK_NB = 4;

  // linux/socket.h, bits/socket.h
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int AF_NETLINK = 16;
  public static final int AF_PACKET = 17;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_CLOEXEC = 0x80000;
  public static final int SOL_SOCKET = 1;
  public static final int SO_RCVBUF = 8;
  public static final int SO_ATTACH_FILTER = 26;
  public static final int SO_RCVBUFFORCE = 33;
  public static final int SO_NETNS_COOKIE = 71;
  public static final int MSG_TRUNC = 0x20;
  public static final int MSG_DONTWAIT = 0x40;

  // linux/netlink.h
  public static final int NETLINK_ROUTE = 0;
  public static final int SOL_NETLINK = 270;
  public static final int NETLINK_ADD_MEMBERSHIP = 1;
  public static final int NETLINK_CAP_ACK = 10;
  public static final int NETLINK_EXT_ACK = 11;
  public static final int NETLINK_GET_STRICT_CHK = 12;

  // linux/if_ether.h, linux/if_packet.h
  public static final int ETH_P_ALL = 3;
  public static final int SOL_PACKET = 263;
  public static final int PACKET_ADD_MEMBERSHIP = 1;
  public static final int PACKET_STATISTICS = 6;
  public static final int PACKET_IGNORE_OUTGOING = 23;
  public static final int PACKET_MR_MULTICAST = 0;

  // linux/sched.h
  public static final int CLONE_NEWNET = 0x40000000;

  // linux/mount.h
  public static final long MS_BIND = 0x1000;
  public static final long MS_REC = 0x4000;
  public static final long MS_SHARED = 0x100000;
  public static final int MNT_DETACH = 2;

  private LinuxConstants() {}
}
