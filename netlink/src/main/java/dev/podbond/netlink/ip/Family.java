package dev.podbond.netlink.ip;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// The two address families, with their numbers in `sys/socket.h`.
public enum Family {
  IPV4(2, 4),
  IPV6(10, 16);

  private final int number;
  private final int length;

  Family(int number, int length) {
    this.number = number;
    this.length = length;
  }

  /// The family of an address.
  public static Family of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }

  /// `AF_INET` or `AF_INET6`.
  int number() {
    return number;
  }

  /// The length in bits of a prefix that covers a single address.
  public int maxPrefixLength() {
    return length * Byte.SIZE;
  }

  /// The all-zero address.
  public InetAddress any() {
    try {
      return InetAddress.getByAddress(new byte[length]);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 bytes are addresses", e);
    }
  }
}
