package dev.podbond.node.probe;

import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.FilterProgram;
import dev.podbond.node.frame.Icmpv6Packet;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/// The kernel's packet filter that passes what may be an answer of one of some hosts in one VLAN,
/// so that no flood of anything else comes to whoever waits for them, or takes the room of an
/// answer. [ProbeAnswer] then looks closely.
final class AnswerFilter {
  /// A collection of more hosts is refused: jumps over them would be too long.
  static final int MOST_HOSTS = 64;

  private AnswerFilter() {}

  /// The filter for answers of these hosts in this VLAN.
  static PacketFilter of(OptionalInt vlan, Collection<InetAddress> hosts) {
    if (hosts.size() > MOST_HOSTS) {
      throw new IllegalArgumentException(hosts.size() + " hosts");
    }
    FilterProgram program = new FilterProgram();
    program.demandIncoming();
    program.demandVlan(vlan);
    passArpOf(program, hosts.stream().filter(Inet4Address.class::isInstance).toList());
    passAdvertisementsOf(program, hosts.stream().filter(Inet6Address.class::isInstance).toList());
    return program.toFilter();
  }

  /// Frames of another type go on.
  private static void passArpOf(FilterProgram program, List<InetAddress> hosts) {
    program.load(FilterProgram.LOAD_HALF, EthernetHeader.BYTES - 2);
    program.compare(EthernetHeader.TYPE_ARP, 0, 5 + 2 * hosts.size());
    program.load(FilterProgram.LOAD_HALF, ProbeAnswer.ARP_OPERATION);
    program.demand(ProbeAnswer.ARP_REPLY);
    program.load(FilterProgram.LOAD_WORD, ProbeAnswer.ARP_SENDER);
    for (InetAddress host : hosts) {
      program.compare(ByteBuffer.wrap(host.getAddress()).getInt(), 0, 1);
      program.pass(ProbeAnswer.MOST_OCTETS);
    }
    program.refuse();
  }

  /// The frame's type is what was loaded last.
  private static void passAdvertisementsOf(FilterProgram program, List<InetAddress> hosts) {
    program.demand(EthernetHeader.TYPE_IPV6);
    program.load(FilterProgram.LOAD_BYTE, ProbeAnswer.IPV6_NEXT_HEADER);
    program.demand(Icmpv6Packet.NEXT_HEADER);
    program.load(FilterProgram.LOAD_BYTE, ProbeAnswer.ICMP_TYPE);
    program.demand(Icmpv6Packet.NEIGHBOR_ADVERTISEMENT);
    for (InetAddress host : hosts) {
      ByteBuffer words = ByteBuffer.wrap(host.getAddress());
      for (int word = 0; word < 4; word++) {
        program.load(FilterProgram.LOAD_WORD, ProbeAnswer.ADVERTISED + Integer.BYTES * word);
        // Where one differs: to the next host.
        program.compare(words.getInt(), 0, 7 - 2 * word);
      }
      program.pass(ProbeAnswer.MOST_OCTETS);
    }
    program.refuse();
  }
}
