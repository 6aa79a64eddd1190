package dev.podbond.bonding.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.value.PciAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What follows from a round of questions, and when.
final class ProbeRoundTest {
  private static final PciAddress ONE = new PciAddress(0, 1, 0, 0);
  private static final PciAddress TWO = new PciAddress(0, 2, 0, 0);
  private static final OptionalInt NONE = OptionalInt.empty();
  private static final OptionalInt VLAN_7 = OptionalInt.of(7);
  private static final ProbePath PLAIN = new ProbePath(ONE, NONE);
  private static final ProbePath TAGGED = new ProbePath(ONE, VLAN_7);
  private static final InetAddress A = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress B = InetAddress.ofLiteral("2001:db8::1");
  private static final Duration FIVE = Duration.ofSeconds(5);

  private static ProbeRound round() {
    return round(Set.of());
  }

  private static ProbeRound round(Set<ProbePath> byMac) {
    return ProbeRound.begin(
        second(100), Map.of(PLAIN, Set.of(A, B), TAGGED, Set.of(A)), Map.of(), byMac);
  }

  private static Duration second(int number) {
    return Duration.ofSeconds(number);
  }

  @Test
  void eachPfIsAskedInEachVlan() {
    assertThat(
            ProbeRound.questions(
                List.of(ONE, TWO),
                List.of(
                    new ProbeTarget(A, NONE),
                    new ProbeTarget(B, NONE),
                    new ProbeTarget(A, VLAN_7),
                    new ProbeTarget(A, VLAN_7))))
        .isEqualTo(
            Map.of(
                PLAIN,
                Set.of(A, B),
                TAGGED,
                Set.of(A),
                new ProbePath(TWO, NONE),
                Set.of(A, B),
                new ProbePath(TWO, VLAN_7),
                Set.of(A)));
    assertThat(TAGGED.key()).hasToString("probe in VLAN 7");
  }

  @Test
  void oneAnswerIsEnoughAndIsToldOnce() {
    ProbeRound.Told told = round().tell(Set.of(PLAIN), second(101), FIVE);
    assertThat(told.readings()).isEqualTo(Map.of(PLAIN, Reading.good()));
    assertThat(told.rest().tell(Set.of(PLAIN), second(102), FIVE).readings()).isEmpty();
  }

  @Test
  void silenceIsBadAtTheEndOfTheRoundAndNoSooner() {
    ProbeRound round = round();
    for (int now = 100; now < 105; now++) {
      ProbeRound.Told told = round.tell(Set.of(), second(now), FIVE);
      assertThat(told.readings()).isEmpty();
      assertThat(told.rest().isOver(second(now), FIVE)).isFalse();
      round = told.rest();
    }
    assertThat(round.tell(Set.of(TAGGED), second(105), FIVE).readings())
        .isEqualTo(
            Map.of(
                PLAIN,
                new Reading.Bad("no answer from 192.0.2.1, 2001:db8::1"),
                TAGGED,
                Reading.good()));
    assertThat(round.isOver(second(105), FIVE)).isTrue();
  }

  @Test
  void whereNobodyCouldBeAskedThatIsToldAtOnceAndAnAnswerDoesNotCount() {
    Reading why = new Reading.Unknown("it has no interface on the host");
    ProbeRound round =
        ProbeRound.begin(second(100), Map.of(PLAIN, Set.of(A)), Map.of(PLAIN, why), Set.of(PLAIN));
    assertThat(round.tell(Set.of(PLAIN), second(100), FIVE).readings())
        .isEqualTo(Map.of(PLAIN, why));
  }

  @Test
  void aHostThatDoesNotAnswerAloneIsAskedForAmongEverybodyInTheSameRound() {
    ProbeRound round = round(Set.of(PLAIN));
    assertThat(round.silent(second(100))).as("it has had no time").isEmpty();
    assertThat(round.silent(second(101))).containsExactly(PLAIN);
    ProbeRound loud = round.askedEverybody(second(101));
    assertThat(loud.silent(second(102))).isEmpty();
    assertThat(loud.tell(Set.of(PLAIN), second(102), FIVE).readings())
        .isEqualTo(Map.of(PLAIN, Reading.good()));
    assertThat(loud.tell(Set.of(), second(105), FIVE).readings())
        .containsEntry(PLAIN, new Reading.Bad("no answer from 192.0.2.1, 2001:db8::1"));
  }

  @Test
  void anAnswerOfAHostAloneIsEnough() {
    ProbeRound.Told told = round(Set.of(PLAIN)).tell(Set.of(PLAIN), second(101), FIVE);
    assertThat(told.readings()).isEqualTo(Map.of(PLAIN, Reading.good()));
    assertThat(told.rest().silent(second(101))).isEmpty();
  }

  /// As after a look that came late.
  @Test
  void aRoundEndsOnlyWhenEverybodyWasAskedAndHadTimeToAnswer() {
    ProbeRound round = round(Set.of(PLAIN));
    assertThat(round.isOver(second(107), FIVE)).isFalse();
    assertThat(round.tell(Set.of(), second(107), FIVE).readings()).isEmpty();
    ProbeRound loud = round.askedEverybody(second(107));
    assertThat(loud.isOver(second(107), FIVE)).isFalse();
    assertThat(loud.isOver(second(108), FIVE)).isTrue();
  }

  @Test
  void whoIsAskedEachSecondIsAskedAmongEverybodyAtOnce() {
    assertThat(ProbeReach.first(second(1))).isEqualTo(ProbeReach.EVERYBODY);
    assertThat(ProbeReach.first(second(2))).isEqualTo(ProbeReach.THE_HOST);
  }

  /// Whatever is answered when: one reading of each way, good if any answer came before the end.
  @Test
  void eachWayGivesOneReadingInARound() {
    for (long seed : RandomWorlds.seeds(200)) {
      Random random = new Random(seed);
      Set<ProbePath> byMac = new HashSet<>();
      for (ProbePath path : List.of(PLAIN, TAGGED)) {
        if (random.nextBoolean()) {
          byMac.add(path);
        }
      }
      ProbeRound round = round(byMac);
      Map<ProbePath, Reading> told = new TreeMap<>();
      Set<ProbePath> answered = new HashSet<>();
      for (int now = 100; now <= 105; now++) {
        Set<ProbePath> heard = new HashSet<>();
        for (ProbePath path : List.of(PLAIN, TAGGED)) {
          if (random.nextInt(8) == 0) {
            heard.add(path);
          }
        }
        answered.addAll(heard);
        ProbeRound.Told step = round.tell(heard, second(now), FIVE);
        assertThat(told)
            .as("seed %d", seed)
            .doesNotContainKeys(step.readings().keySet().toArray(ProbePath[]::new));
        told.putAll(step.readings());
        round = step.rest();
        if (!round.silent(second(now)).isEmpty()) {
          round = round.askedEverybody(second(now));
        }
      }
      assertThat(told.keySet()).as("seed %d", seed).containsExactlyInAnyOrder(PLAIN, TAGGED);
      told.forEach((path, reading) ->
          assertThat(reading.isGood()).as("seed %d", seed).isEqualTo(answered.contains(path)));
    }
  }
}
