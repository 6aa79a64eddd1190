package dev.podbond.netlink.netns;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A program of the kernel's packet filter in its classic form (`linux/filter.h`), which says how
/// many octets of a frame a [PacketSocket] gets: 0 for none. The kernel checks that it ends and
/// reads nothing but the frame.
///
/// @param instructions from the first to the last
public record PacketFilter(List<Instruction> instructions) {
  /// The most that one has (`BPF_MAXINSNS`).
  public static final int MOST_INSTRUCTIONS = 4096;

  private static final int INSTRUCTION_BYTES = 8;

  /// `struct sock_filter`.
  ///
  /// @param code what is done
  /// @param ifTrue how many instructions a comparison that holds skips, 0 to 255
  /// @param ifFalse how many one that does not
  /// @param operand a place in the frame, a value, or how many octets
  public record Instruction(int code, int ifTrue, int ifFalse, int operand) {
    private static final int MOST_SKIPPED = 255;

    /// Refuses what the structure cannot hold.
    public Instruction {
      if (code < 0 || code > 0xffff || isNoJump(ifTrue) || isNoJump(ifFalse)) {
        throw new IllegalArgumentException("no instruction of a packet filter");
      }
    }

    private static boolean isNoJump(int skipped) {
      return skipped < 0 || skipped > MOST_SKIPPED;
    }
  }

  /// Refuses one that the kernel would.
  public PacketFilter {
    if (instructions.isEmpty() || instructions.size() > MOST_INSTRUCTIONS) {
      throw new IllegalArgumentException(instructions.size() + " instructions");
    }
    instructions = List.copyOf(instructions);
  }

  /// The array of `struct sock_filter` that the kernel reads.
  byte[] toBytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
    for (Instruction instruction : instructions) {
      bytes
          .putShort((short) instruction.code())
          .put((byte) instruction.ifTrue())
          .put((byte) instruction.ifFalse())
          .putInt(instruction.operand());
    }
    return bytes.array();
  }
}
