package dev.podbond.ipam.hostlocal;

import dev.podbond.ipam.config.IpNumber;
import dev.podbond.ipam.config.Ips;
import dev.podbond.ipam.config.Members;
import dev.podbond.ipam.config.UnfamiliarException;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/// Consecutive addresses of one subnet.
///
/// @param subnet without host bits
/// @param start the first one, which belongs to it
/// @param end the last one, which belongs to it
/// @param gateway never given away; may be of another subnet
record AddressRange(IpPrefix subnet, IpNumber start, IpNumber end, IpNumber gateway) {
  static final Set<String> KEYS = Set.of("subnet", "rangeStart", "rangeEnd", "gateway");

  /// Of a longer prefix host-local gives nothing away.
  private static final int MOST_IPV4_BITS = 30;

  private static final int MOST_IPV6_BITS = 126;

  /// Up to this length an IPv6 subnet may hold IPv4 addresses in the clothes of IPv6, which Go
  /// takes for IPv4: 96 bits, of which the last 16 are ones.
  private static final int IPV4_MAPPED_BITS = 96;

  private static final BigInteger IPV4_MAPPED = BigInteger.valueOf(0xffff);

  static AddressRange of(String where, JsonValue value) throws UnfamiliarException {
    return of(Members.all(where, value, KEYS));
  }

  /// Reads a range. What host-local would refuse is unfamiliar.
  static AddressRange of(Members members) throws UnfamiliarException {
    IpPrefix subnet =
        members
            .text("subnet")
            .flatMap(Ips::prefix)
            .orElseThrow(() -> members.unfamiliar("subnet", "is no network"));
    if (!subnet.equals(subnet.network())
        || subnet.length() > (subnet.isIpv4() ? MOST_IPV4_BITS : MOST_IPV6_BITS)
        || holdsIpv4Mapped(subnet)) {
      throw members.unfamiliar("subnet", "is no network to give addresses from");
    }
    IpNumber first = IpNumber.of(subnet.address()).plus(1);
    AddressRange range =
        new AddressRange(
            subnet,
            Ips.orElse(members, "rangeStart", first),
            Ips.orElse(members, "rangeEnd", last(subnet)),
            Ips.orElse(members, "gateway", first));
    if (!range.isInSubnet(range.start)
        || !range.isInSubnet(range.end)
        || range.start.compareTo(range.end) > 0) {
      throw members.unfamiliar("subnet", "does not hold the range");
    }
    return range;
  }

  /// The broadcast address of IPv4 is left out.
  private static IpNumber last(IpPrefix subnet) {
    Optional<InetAddress> broadcast = subnet.broadcast();
    if (broadcast.isPresent()) {
      return IpNumber.of(broadcast.get()).plus(-1);
    }
    BigInteger size = BigInteger.ONE.shiftLeft(Byte.SIZE * 16 - subnet.length());
    return new IpNumber(
        false, IpNumber.of(subnet.address()).value().add(size).subtract(BigInteger.ONE));
  }

  private static boolean holdsIpv4Mapped(IpPrefix subnet) {
    if (subnet.isIpv4()) {
      return false;
    }
    int cut = Byte.SIZE * 16 - Math.min(subnet.length(), IPV4_MAPPED_BITS);
    BigInteger mapped = IPV4_MAPPED.shiftLeft(Byte.SIZE * 16 - IPV4_MAPPED_BITS);
    return IpNumber.of(subnet.address()).value().shiftRight(cut).equals(mapped.shiftRight(cut));
  }

  private boolean isInSubnet(IpNumber address) {
    return address.ipv4() == subnet.isIpv4() && subnet.contains(address.address());
  }

  boolean isIpv4() {
    return subnet.isIpv4();
  }

  boolean contains(IpNumber address) {
    return address.ipv4() == isIpv4()
        && start.compareTo(address) <= 0
        && end.compareTo(address) >= 0;
  }

  boolean overlaps(AddressRange other) {
    return isIpv4() == other.isIpv4()
        && start.compareTo(other.end) <= 0
        && end.compareTo(other.start) >= 0;
  }

  IpPrefix withLength(IpNumber address) {
    return new IpPrefix(address.address(), subnet.length());
  }

  @Override
  public String toString() {
    return start + "-" + end;
  }
}
