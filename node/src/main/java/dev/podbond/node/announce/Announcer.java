package dev.podbond.node.announce;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.netns.PacketSocket;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.wait.Background;
import dev.podbond.node.wait.Polling;
import dev.podbond.value.MacAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Announces the addresses of an interface: until a moment ago an address may have belonged to
/// another pod, and neighbours would send to that pod's MAC until their entries expire.
public final class Announcer {
  /// The time that sriov-cni gives a VF to get its carrier.
  public static final Duration USUAL_CARRIER_LIMIT = Duration.ofMillis(200);

  private static final int MAC_OCTETS = 6;

  private final Rtnetlink access;
  private final Polling polling;

  public Announcer(Rtnetlink access, Polling polling) {
    this.access = access;
    this.polling = polling;
  }

  /// The result of an announcement.
  ///
  /// @param carrier whether the interface had a carrier in time; frames were sent in any case
  /// @param announced the addresses that were announced
  /// @param tentative IPv6 addresses still in duplicate address detection, which must not be
  ///   announced yet; the kernel announces them afterwards if `ndisc_notify` is set
  public record Outcome(boolean carrier, List<InetAddress> announced, List<InetAddress> tentative) {
    public Outcome {
      announced = List.copyOf(announced);
      tentative = List.copyOf(tentative);
    }
  }

  /// Waits for the carrier, for at most `carrierLimit`, and announces every address: IPv4 by a
  /// gratuitous ARP request and reply, IPv6 by an unsolicited neighbor advertisement. Does nothing
  /// for an interface that is not Ethernet.
  ///
  /// @throws IOException if there is no such interface or a frame cannot be sent
  public Outcome announce(String ifname, Duration carrierLimit) throws IOException {
    List<Link> seen = new ArrayList<>();
    boolean carrier =
        polling.until(
            () -> {
              seen.add(access.links().get(ifname));
              return seen.getLast().isUp() && seen.getLast().flags().isRunning();
            },
            carrierLimit);
    Link link = seen.getLast();
    List<InetAddress> announced = new ArrayList<>();
    List<InetAddress> tentative = new ArrayList<>();
    Optional<MacAddress> mac = mac(link);
    if (mac.isPresent() && link.isUp()) {
      PacketSocket socket = PacketSocket.open(access.netns(), link.index());
      try {
        for (IpAddress address : access.addresses().list(link.index())) {
          if (address.flags().isTentative() || address.flags().isDadFailed()) {
            tentative.add(address.address());
          } else {
            announce(socket, mac.get(), address.address());
            announced.add(address.address());
          }
        }
      } finally {
        // Closing the socket takes the kernel some time; nobody has to wait for that.
        Background.start(socket::close);
      }
    }
    return new Outcome(carrier, announced, tentative);
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

  private static Optional<MacAddress> mac(Link link) {
    return link.hardwareType() == Link.ARPHRD_ETHER
        ? link.address()
            .filter(address -> address.length() == MAC_OCTETS)
            .map(address -> MacAddress.of(address.toBytes()))
        : Optional.empty();
  }
}
