package dev.podbond.bonding.net;

import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// A route through one interface, as an IPAM result asks for it (CNI spec 1.1.0, "Success").
///
/// @param gateway the next hop; empty for a destination on the link itself
/// @param mtuBytes path MTU along the route
/// @param advmssBytes the MSS advertised on it
public record Route(
    IpPrefix destination,
    Optional<InetAddress> gateway,
    OptionalInt mtuBytes,
    OptionalInt advmssBytes,
    OptionalInt priority,
    OptionalInt table,
    OptionalInt scope) {
  /// A route with nothing but a destination and perhaps a gateway.
  public static Route of(IpPrefix destination, Optional<InetAddress> gateway) {
    return new Route(
        destination,
        gateway,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(destination.toString());
    gateway.ifPresent(hop -> text.append(" via ").append(IpText.format(hop)));
    priority.ifPresent(value -> text.append(" priority ").append(value));
    table.ifPresent(value -> text.append(" table ").append(value));
    return text.toString();
  }
}
