package dev.podbond.node.wrong;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/// Breaks the rule on addresses.
public final class Speller {
  private Speller() {}

  static String spells(InetAddress address) {
    return address.getHostAddress();
  }

  static String spellsTheLongForm(Inet6Address address) {
    return address.getHostAddress();
  }

  static Optional<String> hasItSpelt(Optional<InetAddress> address) {
    return address.map(InetAddress::getHostAddress);
  }
}
