package dev.podbond.node.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.node.frame.FilterRun;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What passes the filter.
final class AnswerFilterTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress TWO = InetAddress.ofLiteral("192.0.2.2");
  private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::1");
  private static final InetAddress SEVEN = InetAddress.ofLiteral("2001:db8::2");
  private static final List<InetAddress> BOTH = List.of(ONE, SIX);
  private static final OptionalInt NONE = OptionalInt.empty();
  private static final OptionalInt VLAN_7 = OptionalInt.of(7);

  private static boolean passes(OptionalInt vlan, byte[] frame, OptionalInt tag) {
    return FilterRun.taken(AnswerFilter.of(vlan, BOTH), frame, tag, FilterRun.INCOMING) > 0;
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
    assertThat(
            FilterRun.taken(AnswerFilter.of(NONE, BOTH), Answers.of(ONE), NONE, FilterRun.OUTGOING))
        .isZero();
  }

  @Test
  void onlyTheBeginningOfALongFrameIsTaken() {
    assertThat(
            FilterRun.taken(AnswerFilter.of(NONE, BOTH), Answers.of(SIX), NONE, FilterRun.INCOMING))
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
      assertThat(FilterRun.taken(filter, Answers.of(host), VLAN_7, FilterRun.INCOMING))
          .isPositive();
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
      boolean passed = FilterRun.taken(filter, frame, NONE, FilterRun.INCOMING) > 0;
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
