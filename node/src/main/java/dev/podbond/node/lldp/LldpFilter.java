package dev.podbond.node.lldp;

import dev.podbond.bonding.lldp.Lldpdu;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.FilterProgram;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The kernel's packet filter that passes LLDP, in no VLAN, to a group that no bridge forwards:
/// what comes to another address may come from anywhere.
final class LldpFilter {
  /// The groups of the standard (IEEE 802.1AB, 7.1): the nearest bridge, the nearest one that is no
  /// relay of two ports, and the nearest one of a customer.
  static final List<HardwareAddress> GROUPS =
      IntStream.of(0x0e, 0x03, 0x00).mapToObj(LldpFilter::group).toList();

  private static final int RESERVED = 0x0180_c200;

  private LldpFilter() {}

  private static HardwareAddress group(int number) {
    return HardwareAddress.of(
        ByteBuffer.allocate(Integer.BYTES + Short.BYTES)
            .putInt(RESERVED)
            .putShort((short) number)
            .array());
  }

  /// The filter.
  static PacketFilter filter() {
    FilterProgram program = new FilterProgram();
    program.demandIncoming();
    program.demandVlan(OptionalInt.empty());
    program.load(FilterProgram.LOAD_HALF, EthernetHeader.BYTES - 2);
    program.demand(EthernetHeader.TYPE_LLDP);
    program.load(FilterProgram.LOAD_WORD, 0);
    program.demand(RESERVED);
    program.load(FilterProgram.LOAD_HALF, Integer.BYTES);
    for (HardwareAddress group : GROUPS) {
      program.compare(
          Short.toUnsignedInt(ByteBuffer.wrap(group.toBytes()).getShort(Integer.BYTES)), 0, 1);
      program.pass(EthernetHeader.BYTES + Lldpdu.MOST_OCTETS);
    }
    program.refuse();
    return program.toFilter();
  }
}
