package dev.podbond.node.frame;

import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.netlink.netns.PacketFilter.Instruction;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;

/// An interpreter of the kernel's packet filter, as far as filters here use it.
public final class FilterRun {
  /// How the kernel marks a frame that comes in, to a group or not; any but that of one that
  /// leaves.
  public static final int INCOMING = 0;

  /// How it marks one that leaves.
  public static final int OUTGOING = 4;

  private FilterRun() {}

  /// How many octets of a frame the kernel would hand over.
  ///
  /// @param tag what the kernel has beside the frame, priority included
  public static int taken(PacketFilter filter, byte[] frame, OptionalInt tag, int packetType) {
    List<Instruction> program = filter.instructions();
    int accumulator = 0;
    for (int i = 0; i < program.size(); i++) {
      Instruction now = program.get(i);
      switch (now.code()) {
        case 0x06 -> {
          return now.operand();
        }
        case 0x54 -> accumulator &= now.operand();
        case 0x15 -> i += accumulator == now.operand() ? now.ifTrue() : now.ifFalse();
        case 0x20, 0x28, 0x30 -> {
          int size = now.code() == 0x20 ? 4 : now.code() == 0x28 ? 2 : 1;
          if (now.operand() < 0) {
            accumulator =
                switch (now.operand() + 0x1000) {
                  case 4 -> packetType;
                  case 44 -> tag.orElse(0);
                  case 48 -> tag.isPresent() ? 1 : 0;
                  default -> throw new AssertionError("nothing is there: " + now);
                };
          } else if (now.operand() + size > frame.length) {
            // The kernel ends a program that reads beyond the frame.
            return 0;
          } else {
            ByteBuffer octets = ByteBuffer.wrap(frame);
            accumulator =
                size == 4
                    ? octets.getInt(now.operand())
                    : size == 2
                        ? Short.toUnsignedInt(octets.getShort(now.operand()))
                        : Byte.toUnsignedInt(octets.get(now.operand()));
          }
        }
        default -> throw new AssertionError("not used: " + now);
      }
    }
    throw new AssertionError("the kernel refuses a program that runs past its end");
  }
}
