package dev.podbond.node.probe;

import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.Icmpv6Packet;
import dev.podbond.value.MacAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/// Answers as hosts send them.
final class Answers {
  static final MacAddress ASKER = MacAddress.parse("02:11:22:33:44:55").orElseThrow();
  static final MacAddress HOST = MacAddress.parse("02:aa:bb:cc:dd:ee").orElseThrow();

  private Answers() {}

  /// Of the host that has this address.
  static byte[] of(InetAddress host) {
    return host instanceof Inet6Address ipv6 ? advertisement(ipv6) : reply((Inet4Address) host);
  }

  private static byte[] reply(Inet4Address host) {
    return ByteBuffer.allocate(60)
        .put(EthernetHeader.of(ASKER, HOST, EthernetHeader.TYPE_ARP))
        .putShort((short) 1)
        .putShort((short) EthernetHeader.TYPE_IPV4)
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) 2)
        .put(HOST.octets())
        .put(host.getAddress())
        .put(ASKER.octets())
        .array();
  }

  private static byte[] advertisement(Inet6Address host) {
    byte[] body =
        ByteBuffer.allocate(28)
            .putInt(0x6000_0000)
            .put(host.getAddress())
            .put((byte) 2)
            .put((byte) 1)
            .put(HOST.octets())
            .array();
    byte[] packet =
        Icmpv6Packet.of(
            host, ProbeFrame.linkLocal(ASKER), Icmpv6Packet.NEIGHBOR_ADVERTISEMENT, body);
    return ByteBuffer.allocate(EthernetHeader.BYTES + packet.length)
        .put(EthernetHeader.of(ASKER, HOST, EthernetHeader.TYPE_IPV6))
        .put(packet)
        .array();
  }

  /// Octets that are often nearly an answer of one of these hosts.
  static byte[] nearly(Random random, InetAddress... hosts) {
    byte[] frame = of(hosts[random.nextInt(hosts.length)]);
    for (int k = random.nextInt(3); k > 0; k--) {
      frame[12 + random.nextInt(frame.length - 12)] = (byte) random.nextInt();
    }
    int length = random.nextInt(4) == 0 ? random.nextInt(frame.length + 1) : frame.length;
    return Arrays.copyOf(frame, length);
  }
}
