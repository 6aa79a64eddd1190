package dev.podbond.node.frame;

import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.netlink.netns.PacketFilter.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// A program of the kernel's packet filter, written one instruction after the other. The tag of a
/// frame is not in the frame by the time the filter runs, but beside it. A frame of priority alone,
/// VLAN 0, is one without a VLAN.
public final class FilterProgram {
  // linux/bpf_common.h

  /// Loads four octets of the frame.
  public static final int LOAD_WORD = 0x20;

  /// Loads two.
  public static final int LOAD_HALF = 0x28;

  /// Loads one.
  public static final int LOAD_BYTE = 0x30;

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

  private final List<Instruction> instructions = new ArrayList<>();

  /// One without an instruction.
  public FilterProgram() {}

  /// The filter.
  public PacketFilter toFilter() {
    return new PacketFilter(instructions);
  }

  private void add(int code, int ifTrue, int ifFalse, int operand) {
    instructions.add(new Instruction(code, ifTrue, ifFalse, operand));
  }

  /// Loads what is at a place of the frame.
  public void load(int code, int place) {
    add(code, 0, 0, place);
  }

  /// Compares what was loaded last.
  ///
  /// @param ifTrue how many instructions are skipped if it is this value
  /// @param ifFalse and if it is another
  public void compare(int value, int ifTrue, int ifFalse) {
    add(IF_EQUAL, ifTrue, ifFalse, value);
  }

  /// Ends with a frame that does not pass.
  public void refuse() {
    add(RETURN, 0, 0, 0);
  }

  /// Ends with a frame of which so many octets pass.
  public void pass(int mostOctets) {
    add(RETURN, 0, 0, mostOctets);
  }

  /// Goes on only with frames for which this is so of what was loaded last.
  public void demand(int value) {
    compare(value, 1, 0);
    refuse();
  }

  /// Goes on only with frames that come in.
  public void demandIncoming() {
    load(LOAD_WORD, PACKET_TYPE);
    compare(OUTGOING, 0, 1);
    refuse();
  }

  /// Goes on only with frames of this VLAN, or of none.
  public void demandVlan(OptionalInt vlan) {
    load(LOAD_WORD, HAS_VLAN_TAG);
    // Without a tag: to what follows, or to the refusal if there has to be one.
    compare(0, vlan.isEmpty() ? 4 : 3, 0);
    load(LOAD_WORD, VLAN_TAG);
    add(AND, 0, 0, VLAN_ID);
    demand(vlan.orElse(0));
  }
}
