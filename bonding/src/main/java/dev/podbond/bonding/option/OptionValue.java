package dev.podbond.bonding.option;

import dev.podbond.value.IpText;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/// The value of a bonding option, in the shape in which the kernel keeps it.
public sealed interface OptionValue {
  /// A number; enumerated options (mode, failOverMac, ...) are their kernel numbers.
  @SuppressWarnings("AvoidCommonTypeNames") // always written OptionValue.Number
  record Number(long value) implements OptionValue {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /// Monitoring targets: IPv4 for arp_ip_target, IPv6 for ns_ip6_target.
  record Targets(List<InetAddress> addresses) implements OptionValue {
    public Targets {
      addresses = List.copyOf(addresses);
    }

    @Override
    public String toString() {
      return addresses.stream().map(IpText::format).collect(Collectors.joining(","));
    }
  }

  /// A MAC address (ad_actor_system).
  record Mac(MacAddress address) implements OptionValue {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /// A member by name (primary, active_slave); the edge turns it into an ifindex.
  record MemberName(String name) implements OptionValue {
    @Override
    public String toString() {
      return name;
    }
  }
}
