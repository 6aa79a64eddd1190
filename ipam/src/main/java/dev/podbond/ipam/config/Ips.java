package dev.podbond.ipam.config;

import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/// Addresses in the spellings for which Go and Java agree on the family. They disagree on IPv4 in
/// the clothes of IPv6 (`::ffff:10.0.0.1`), which is no address here.
public final class Ips {
  private Ips() {}

  /// An address.
  public static Optional<IpNumber> address(String text) {
    return IpText.parse(text).filter(address -> agrees(text, address)).map(IpNumber::of);
  }

  /// An address with its prefix length.
  public static Optional<IpPrefix> prefix(String text) {
    return IpPrefix.parse(text).filter(prefix -> agrees(text, prefix.address()));
  }

  private static boolean agrees(String text, InetAddress address) {
    return text.contains(":") != address instanceof Inet4Address;
  }

  /// The address of a member that must be there.
  public static IpNumber require(Members members, String key) throws UnfamiliarException {
    return members
        .text(key)
        .flatMap(Ips::address)
        .orElseThrow(() -> members.unfamiliar(key, "is no address"));
  }

  /// The address of a member that may be absent.
  public static IpNumber orElse(Members members, String key, IpNumber otherwise)
      throws UnfamiliarException {
    return members.has(key) ? require(members, key) : otherwise;
  }
}
