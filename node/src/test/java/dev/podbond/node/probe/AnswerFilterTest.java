package dev.podbond.node.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.netlink.netns.PacketFilter.Instruction;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What passes the filter, by an interpreter of the kernel's instructions.
final class AnswerFilterTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress TWO = InetAddress.ofLiteral("192.0.2.2");
  private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::1");
  private static final InetAddress SEVEN = InetAddress.ofLiteral("2001:db8::2");
  private static final List<InetAddress> BOTH = List.of(ONE, SIX);
  private static final OptionalInt NONE = OptionalInt.empty();
  private static final OptionalInt VLAN_7 = OptionalInt.of(7);
  private static final int INCOMING = 0;
  private static final int OUTGOING = 4;

  /// How many octets of a frame the kernel would hand over.
  ///
  /// @param tag what the kernel has beside the frame, priority included
  private static int taken(PacketFilter filter, byte[] frame, OptionalInt tag, int packetType) {
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

  private static boolean passes(OptionalInt vlan, byte[] frame, OptionalInt tag) {
    return taken(AnswerFilter.of(vlan, BOTH), frame, tag, INCOMING) > 0;
  }

  @Test
  void answersOfHostsThatAreAskedPassAndNoOthers() {
    assertThat(passes(NONE, Answers.of(ONE), NONE)).isTrue();
    assertThat(passes(NONE, Answers.of(SIX), NONE)).isTrue();
    assertThat(passes(NONE, Answers.of(TWO), NONE)).isFalse();
    assertThat(passes(NONE, Answers.of(SEVEN), NONE)).isFalse();
    assertThat(passes(NONE, ProbeFrame.of(Answers.ASKER, NONE, ONE), NONE)).isFalse();
    assertThat(passes(NONE, new byte[1500], NONE)).isFalse();
    assertThat(passes(NONE, new byte[0], NONE)).isFalse();
  }

  @Test
  void anAnswerOfAnotherVlanDoesNotPass() {
    OptionalInt priority7 = OptionalInt.of(7 << 13 | 7);
    OptionalInt priorityAlone = OptionalInt.of(5 << 13);
    for (InetAddress host : BOTH) {
      byte[] frame = Answers.of(host);
      assertThat(passes(VLAN_7, frame, VLAN_7)).isTrue();
      assertThat(passes(VLAN_7, frame, priority7)).isTrue();
      assertThat(passes(VLAN_7, frame, OptionalInt.of(8))).isFalse();
      assertThat(passes(VLAN_7, frame, NONE)).isFalse();
      assertThat(passes(VLAN_7, frame, priorityAlone)).isFalse();
      assertThat(passes(NONE, frame, VLAN_7)).isFalse();
      assertThat(passes(NONE, frame, priorityAlone)).isTrue();
    }
  }

  @Test
  void whatThisNodeSendsDoesNotPass() {
    assertThat(taken(AnswerFilter.of(NONE, BOTH), Answers.of(ONE), NONE, OUTGOING)).isZero();
  }

  @Test
  void onlyTheBeginningOfALongFrameIsTaken() {
    assertThat(taken(AnswerFilter.of(NONE, BOTH), Answers.of(SIX), NONE, INCOMING))
        .isEqualTo(ProbeAnswer.MOST_OCTETS);
  }

  @Test
  void asManyHostsAsSettingsMayHaveFit() {
    List<InetAddress> hosts = new ArrayList<>();
    for (int i = 1; i <= AnswerFilter.MOST_HOSTS / 2; i++) {
      hosts.add(InetAddress.ofLiteral("192.0.2." + i));
      hosts.add(InetAddress.ofLiteral("2001:db8::" + i));
    }
    PacketFilter filter = AnswerFilter.of(VLAN_7, hosts);
    for (InetAddress host : hosts) {
      assertThat(taken(filter, Answers.of(host), VLAN_7, INCOMING)).isPositive();
    }
    List<InetAddress> more = new ArrayList<>(hosts);
    more.add(InetAddress.ofLiteral("192.0.2.250"));
    assertThatThrownBy(() -> AnswerFilter.of(VLAN_7, more))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Whatever is an answer of a host that is asked passes, and what passes is nearly one: it
  /// differs at most in what only a close look tells.
  @Test
  void theFilterHidesNoAnswer() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    PacketFilter filter = AnswerFilter.of(NONE, BOTH);
    for (int i = 0; i < 20_000; i++) {
      byte[] frame = Answers.nearly(random, ONE, TWO, SIX, SEVEN);
      boolean passed = taken(filter, frame, NONE, INCOMING) > 0;
      boolean counts = ProbeAnswer.from(frame).filter(BOTH::contains).isPresent();
      String name = "seed %d, round %d: %s".formatted(seed, i, HexFormat.of().formatHex(frame));
      if (counts) {
        assertThat(passed).as(name).isTrue();
      }
      if (passed) {
        assertThat(HexFormat.of().formatHex(frame))
            .as(name)
            .containsAnyOf("c0000201", "20010db8000000000000000000000001");
      }
    }
  }
}
