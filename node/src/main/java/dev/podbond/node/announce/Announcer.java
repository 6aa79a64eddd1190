package dev.podbond.node.announce;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.netns.PacketSocket;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.wait.Background;
import dev.podbond.value.MacAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Announces the addresses of an interface: until a moment ago an address may have belonged to
/// another pod, and neighbours would send to that pod's MAC until their entries expire.
public final class Announcer {
  private static final int MAC_OCTETS = 6;

  private Announcer() {}

  /// Announces addresses, IPv4 by a gratuitous ARP request and reply, IPv6 by an unsolicited
  /// neighbor advertisement. Does nothing for an interface that is down or not Ethernet. The frames
  /// leave whether or not there is a carrier.
  ///
  /// @param link the interface, as seen in `netns`
  /// @param addresses none that is still in duplicate address detection: it must not be announced
  ///   yet, and the kernel itself announces it afterwards if `ndisc_notify` is set
  /// @throws LinuxException if there is no such interface any more or a frame cannot be sent
  public static void announce(Netns netns, LinkFacts link, List<InetAddress> addresses)
      throws LinuxException {
    if (addresses.isEmpty()
        || !link.up()
        || link.type() != LinkFacts.Type.ETHERNET
        || link.mac().isEmpty()) {
      return;
    }
    PacketSocket socket = PacketSocket.open(netns, link.index());
    try {
      for (InetAddress address : addresses) {
        announce(socket, link.mac().get(), address);
      }
    } finally {
      // Closing the socket takes the kernel some time; nobody has to wait for that.
      Background.start(socket::close);
    }
  }

  private static void announce(PacketSocket socket, MacAddress mac, InetAddress address)
      throws LinuxException {
    switch (address) {
      case Inet4Address ipv4 -> {
        send(socket, GratuitousArp.request(mac, ipv4));
        send(socket, GratuitousArp.reply(mac, ipv4));
      }
      case Inet6Address ipv6 -> send(socket, UnsolicitedNa.frame(mac, ipv6));
      default -> throw new AssertionError("an address of neither family: " + address);
    }
  }

  private static void send(PacketSocket socket, byte[] frame) throws LinuxException {
    HardwareAddress destination = HardwareAddress.of(Arrays.copyOf(frame, MAC_OCTETS));
    socket.send(destination, EthernetHeader.typeOf(frame), frame);
  }
}
