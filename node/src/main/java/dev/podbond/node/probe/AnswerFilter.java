package dev.podbond.node.probe;

import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.netlink.netns.PacketFilter.Instruction;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.Icmpv6Packet;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/// The kernel's packet filter that passes what may be an answer of one of some hosts in one VLAN,
/// so that no flood of anything else comes to whoever waits for them, or takes the room of an
/// answer. [ProbeAnswer] then looks closely.
///
/// The tag of a frame is not in the frame by the time the filter runs, but beside it. A frame of
/// priority alone, VLAN 0, is one without a VLAN.
final class AnswerFilter {
  /// A collection of more hosts is refused: jumps over them would be too long.
  static final int MOST_HOSTS = 64;

  // linux/bpf_common.h
  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_HALF = 0x28;
  private static final int LOAD_BYTE = 0x30;
  private static final int AND = 0x54;
  private static final int IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;

  // linux/filter.h: what is beside the frame.
  private static final int BESIDE = -0x1000;
  private static final int PACKET_TYPE = BESIDE + 4;
  private static final int VLAN_TAG = BESIDE + 44;
  private static final int HAS_VLAN_TAG = BESIDE + 48;

  /// `PACKET_OUTGOING` of linux/if_packet.h.
  private static final int OUTGOING = 4;

  private static final int VLAN_ID = 0xfff;

  private final List<Instruction> program = new ArrayList<>();

  private AnswerFilter() {}

  /// The filter for answers of these hosts in this VLAN.
  static PacketFilter of(OptionalInt vlan, Collection<InetAddress> hosts) {
    if (hosts.size() > MOST_HOSTS) {
      throw new IllegalArgumentException(hosts.size() + " hosts");
    }
    AnswerFilter filter = new AnswerFilter();
    filter.passIncoming();
    filter.passVlan(vlan);
    filter.passArpOf(hosts.stream().filter(Inet4Address.class::isInstance).toList());
    filter.passAdvertisementsOf(hosts.stream().filter(Inet6Address.class::isInstance).toList());
    return new PacketFilter(filter.program);
  }

  private void add(int code, int ifTrue, int ifFalse, int operand) {
    program.add(new Instruction(code, ifTrue, ifFalse, operand));
  }

  private void load(int code, int place) {
    add(code, 0, 0, place);
  }

  private void refuse() {
    add(RETURN, 0, 0, 0);
  }

  private void pass() {
    add(RETURN, 0, 0, ProbeAnswer.MOST_OCTETS);
  }

  /// Goes on only with frames for which this is so of what was loaded last.
  private void demand(int value) {
    add(IF_EQUAL, 1, 0, value);
    refuse();
  }

  private void passIncoming() {
    load(LOAD_WORD, PACKET_TYPE);
    add(IF_EQUAL, 0, 1, OUTGOING);
    refuse();
  }

  private void passVlan(OptionalInt vlan) {
    load(LOAD_WORD, HAS_VLAN_TAG);
    // Without a tag: to what follows, or to the refusal if there has to be one.
    add(IF_EQUAL, vlan.isEmpty() ? 4 : 3, 0, 0);
    load(LOAD_WORD, VLAN_TAG);
    add(AND, 0, 0, VLAN_ID);
    demand(vlan.orElse(0));
  }

  /// Frames of another type go on.
  private void passArpOf(List<InetAddress> hosts) {
    load(LOAD_HALF, EthernetHeader.BYTES - 2);
    add(IF_EQUAL, 0, 5 + 2 * hosts.size(), EthernetHeader.TYPE_ARP);
    load(LOAD_HALF, ProbeAnswer.ARP_OPERATION);
    demand(ProbeAnswer.ARP_REPLY);
    load(LOAD_WORD, ProbeAnswer.ARP_SENDER);
    for (InetAddress host : hosts) {
      add(IF_EQUAL, 0, 1, ByteBuffer.wrap(host.getAddress()).getInt());
      pass();
    }
    refuse();
  }

  /// The frame's type is what was loaded last.
  private void passAdvertisementsOf(List<InetAddress> hosts) {
    demand(EthernetHeader.TYPE_IPV6);
    load(LOAD_BYTE, ProbeAnswer.IPV6_NEXT_HEADER);
    demand(Icmpv6Packet.NEXT_HEADER);
    load(LOAD_BYTE, ProbeAnswer.ICMP_TYPE);
    demand(Icmpv6Packet.NEIGHBOR_ADVERTISEMENT);
    for (InetAddress host : hosts) {
      ByteBuffer words = ByteBuffer.wrap(host.getAddress());
      for (int word = 0; word < 4; word++) {
        load(LOAD_WORD, ProbeAnswer.ADVERTISED + Integer.BYTES * word);
        // Where one differs: to the next host.
        add(IF_EQUAL, 0, 7 - 2 * word, words.getInt());
      }
      pass();
    }
    refuse();
  }
}
