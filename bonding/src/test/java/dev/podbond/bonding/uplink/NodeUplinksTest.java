package dev.podbond.bonding.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What follows from readings over time: examples, and properties of random ones, each named by its
/// seed.
final class NodeUplinksTest {
  private static final UplinkSettings SETTINGS = UplinkSettings.DEFAULT;
  private static final SignalKey CARRIER = SignalKey.of(Signal.CARRIER);
  private static final SignalKey LACP = SignalKey.of(Signal.LACP);
  private static final SignalKey PROBE = new SignalKey(Signal.PROBE, OptionalInt.of(7));
  private static final Reading BAD = new Reading.Bad("the partner is expired");
  private static final Reading UNKNOWN = new Reading.Unknown("it cannot be read");

  /// A node that is looked at once a second.
  private static final class Node {
    final UplinkSettings settings;
    final List<NodeUplinks> seen = new ArrayList<>(List.of(NodeUplinks.NONE));

    Node(UplinkSettings settings) {
      this.settings = settings;
    }

    Node look(Map<PciAddress, Map<SignalKey, Reading>> readings) {
      seen.add(seen.getLast().next(readings, Duration.ofSeconds(seen.size()), settings));
      return this;
    }

    /// With these PFs known to have no carrier.
    Node look(Set<PciAddress> unplugged, Map<PciAddress, Map<SignalKey, Reading>> readings) {
      seen.add(
          seen.getLast()
              .next(readings, Set.of(), unplugged, Duration.ofSeconds(seen.size()), settings));
      return this;
    }

    /// The first PF alone, of which an answer is waited for unless there is a reading.
    void await(ProbePath path, Map<SignalKey, Reading> readings) {
      seen.add(
          seen.getLast()
              .next(
                  Map.of(pf(1), readings),
                  readings.isEmpty() ? Set.of(path) : Set.of(),
                  Set.of(),
                  Duration.ofSeconds(seen.size()),
                  settings));
    }

    /// The first PF alone, by LACP.
    Node look(Reading... readings) {
      for (Reading reading : readings) {
        look(Map.of(pf(1), Map.of(LACP, reading)));
      }
      return this;
    }

    Node times(int count, Reading reading) {
      for (int i = 0; i < count; i++) {
        look(reading);
      }
      return this;
    }

    Reading verdict(int number) {
      return seen.getLast().pfs().get(pf(number)).verdict();
    }

    Reading verdict() {
      return verdict(1);
    }

    Optional<String> storm() {
      return seen.getLast().storm();
    }

    /// How often the verdict on the first PF became bad.
    int falls() {
      int falls = 0;
      for (int i = 1; i < seen.size(); i++) {
        boolean was = isBad(seen.get(i - 1));
        falls += !was && isBad(seen.get(i)) ? 1 : 0;
      }
      return falls;
    }

    private static boolean isBad(NodeUplinks node) {
      return Optional.ofNullable(node.pfs().get(pf(1)))
          .filter(pf -> pf.verdict().isBad())
          .isPresent();
    }
  }

  private static PciAddress pf(int number) {
    return new PciAddress(0, number, 0, 0);
  }

  private static Node node() {
    return new Node(SETTINGS);
  }

  @Test
  void threeBadReadingsMakeAnUplinkBadAndTwoDoNot() {
    Node node = node().look(Reading.good(), BAD, BAD);
    assertThat(node.verdict()).isEqualTo(Reading.good());
    node.look(BAD);
    assertThat(node.verdict()).isEqualTo(new Reading.Bad("lacp: the partner is expired"));
  }

  /// What is behind the cable it does not tell.
  @Test
  void aCarrierAloneMakesNoUplinkGoodUnlessNobodyAsksForMore() {
    SignalKey carrier = SignalKey.of(Signal.CARRIER);
    Reading noBond = new Reading.Unknown("it is in no bond");
    assertThat(node().look(Map.of(pf(1), Map.of(carrier, Reading.good(), LACP, noBond))).verdict())
        .isEqualTo(new Reading.Unknown("lacp: it is in no bond"));
    assertThat(node().look(Map.of(pf(1), Map.of(carrier, Reading.good()))).verdict())
        .isEqualTo(Reading.good());
  }

  @Test
  void itStaysBadForTheHoldDownAndUntilNothingWasBadForLongEnough() {
    Node node = node().times(3, BAD).times(29, Reading.good());
    assertThat(node.verdict().isBad()).as("29 s later").isTrue();
    node.look(Reading.good());
    assertThat(node.verdict()).as("30 s later").isEqualTo(Reading.good());

    Node late = node().times(60, BAD).times(9, Reading.good());
    assertThat(late.verdict().isBad()).as("9 good readings").isTrue();
    assertThat(late.look(Reading.good()).verdict())
        .as("10 good readings")
        .isEqualTo(Reading.good());
  }

  /// Three bad ones in a row never come.
  @Test
  void anUplinkThatFlapsEverySecondIsBadAndStaysSo() {
    Node node = node();
    for (int i = 0; i < 600; i++) {
      node.look(i % 2 == 0 ? BAD : Reading.good());
    }
    assertThat(node.verdict().isBad()).isTrue();
    assertThat(node.falls()).isEqualTo(1);
  }

  @Test
  void whatSoonTurnsBadAgainIsHeldDownTwiceAsLongUpToTheLongest() {
    Node node = node();
    List<Long> holds = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      node.times(3, BAD);
      holds.add(node.seen.getLast().pfs().get(pf(1)).holdDown().toSeconds());
      while (node.verdict().isBad()) {
        node.look(Reading.good());
      }
    }
    assertThat(holds).containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L);
    node.times(6_001, Reading.good()).times(3, BAD);
    assertThat(node.seen.getLast().pfs().get(pf(1)).holdDown()).isEqualTo(SETTINGS.holdDown());
  }

  /// As when somebody takes the host's bond away: nobody may lose a path for want of knowledge.
  @Test
  void whatIsNotKnownAnyMoreIsNotBadForEver() {
    Node node = node().times(3, BAD).times(30, UNKNOWN);
    assertThat(node.verdict()).isEqualTo(new Reading.Unknown("lacp: it cannot be read"));
    assertThat(node().times(3, UNKNOWN).verdict()).isInstanceOf(Reading.Unknown.class);
  }

  @Test
  void oneSignalIsEnoughToMakeItBadAndAllAreNeededToEndThat() {
    Node node = node();
    for (int i = 0; i < 3; i++) {
      node.look(Map.of(pf(1), Map.of(CARRIER, Reading.good(), LACP, BAD)));
    }
    assertThat(node.verdict()).isEqualTo(new Reading.Bad("lacp: the partner is expired"));
    for (int i = 0; i < 100; i++) {
      node.look(
          Map.of(pf(1), Map.of(CARRIER, new Reading.Bad("no carrier"), LACP, Reading.good())));
    }
    assertThat(node.verdict()).isEqualTo(new Reading.Bad("carrier: no carrier"));
  }

  @Test
  void aPfThatNoBondUsesAnyMoreIsForgotten() {
    Node node = node().times(3, BAD).look(Map.of());
    assertThat(node.seen.getLast().pfs()).isEmpty();
    assertThat(node.look(BAD).verdict()).isInstanceOf(Reading.Unknown.class);
  }

  private static Map<PciAddress, Map<SignalKey, Reading>> all(Reading... pfs) {
    Map<PciAddress, Map<SignalKey, Reading>> readings = new HashMap<>();
    for (int i = 0; i < pfs.length; i++) {
      readings.put(pf(i + 1), Map.of(LACP, pfs[i]));
    }
    return readings;
  }

  @Test
  void moreThanHalfOfThemAtOnceAreAStormUntilHalfAreWellAgain() {
    Node node = node();
    for (int i = 0; i < 3; i++) {
      node.look(all(BAD, BAD, Reading.good()));
    }
    assertThat(node.storm()).contains("2 of 3 uplinks turned bad within 10 s");
    for (int i = 0; i < 20; i++) {
      node.look(all(BAD, BAD, Reading.good()));
    }
    assertThat(node.storm()).contains("2 of 3 uplinks are bad at once");
    for (int i = 0; i < 30; i++) {
      node.look(all(Reading.good(), BAD, Reading.good()));
    }
    assertThat(node.storm()).isEmpty();
    assertThat(node.verdict(2).isBad()).isTrue();
  }

  @Test
  void halfOfThemAndOneAfterTheOtherAreNoStorm() {
    Node half = node();
    for (int i = 0; i < 20; i++) {
      half.look(all(BAD, Reading.good()));
    }
    assertThat(half.storm()).isEmpty();

    Node later = node();
    for (int i = 0; i < 40; i++) {
      later.look(all(BAD, i < 20 ? Reading.good() : BAD, Reading.good()));
      assertThat(later.storm()).as("look %d", i).isEmpty();
    }
    assertThat(later.verdict(2).isBad()).isTrue();
  }

  @Test
  void theOnlyUplinkThatIsBadIsNoStorm() {
    assertThat(node().times(5, BAD).storm()).isEmpty();
  }

  @Test
  void probesThatAllFailThoughCarriersAreThereAreAStorm() {
    Node node = node();
    for (int i = 0; i < 60; i++) {
      // One after the other, so that the window alone would not show it.
      Reading second = i < 40 ? Reading.good() : BAD;
      node.look(
          Map.of(
              pf(1), Map.of(CARRIER, Reading.good(), PROBE, BAD),
              pf(2), Map.of(CARRIER, Reading.good(), PROBE, second)));
      assertThat(node.storm().isPresent()).as("look %d", i).isEqualTo(i >= 40);
    }
    node.look(
        Set.of(pf(2)),
        Map.of(
            pf(1), Map.of(CARRIER, Reading.good(), PROBE, BAD),
            pf(2), Map.of(CARRIER, new Reading.Bad("no carrier"), PROBE, BAD)));
    assertThat(node.storm().filter(why -> why.startsWith("no probe"))).isEmpty();
  }

  /// In one of two VLANs nobody answers any more, through whichever PF.
  @Test
  void silenceInOneVlanIsAStormThoughAnotherAnswers() {
    SignalKey other = new SignalKey(Signal.PROBE, OptionalInt.of(8));
    Node node = node();
    for (int i = 0; i < 60; i++) {
      Reading second = i < 40 ? Reading.good() : BAD;
      node.look(
          Map.of(
              pf(1), Map.of(PROBE, BAD, other, Reading.good()),
              pf(2), Map.of(PROBE, second, other, Reading.good())));
      assertThat(node.storm().isPresent()).as("look %d", i).isEqualTo(i >= 40);
    }
    assertThat(node.storm())
        .contains(
            "no probe in VLAN 7 through any of 2 uplinks is answered, though none is known to have no"
                + " carrier");
  }

  @Test
  void aPfThroughWhichNobodyCanBeAskedDoesNotSpeakForTheHosts() {
    Node node = node();
    for (int i = 0; i < 60; i++) {
      Reading second = i < 40 ? Reading.good() : BAD;
      node.look(
          Set.of(pf(4)),
          Map.of(
              pf(1), Map.of(PROBE, BAD),
              pf(2), Map.of(PROBE, second),
              pf(3), Map.of(PROBE, UNKNOWN),
              pf(4), Map.of(PROBE, BAD)));
      assertThat(node.storm().filter(why -> why.startsWith("no probe")).isPresent())
          .as("look %d", i)
          .isEqualTo(i >= 40);
    }
  }

  /// Of four PFs two are asked through: those say nothing for the others.
  private static Map<PciAddress, Map<SignalKey, Reading>> asked(Reading first, Reading second) {
    return Map.of(
        pf(1), Map.of(PROBE, first),
        pf(2), Map.of(PROBE, second),
        pf(3), Map.of(PROBE, UNKNOWN),
        pf(4), Map.of(PROBE, UNKNOWN));
  }

  private static Node afterSilence(int looks) {
    Node node = node();
    for (int i = 1; i <= looks; i++) {
      node.look(asked(BAD, BAD));
      assertThat(node.storm().isPresent()).as("silence %d", i).isEqualTo(i >= 3);
    }
    return node;
  }

  /// Otherwise bonds would leave healthy PFs for the hold-down when hosts answer again.
  @Test
  void aStormLastsUntilNothingIsBadOfWhatItCalledBad() {
    for (int silence : new int[] {3, 20, 100}) {
      Node node = afterSilence(silence);
      int looks = 0;
      while (node.verdict(1).isBad() || node.verdict(2).isBad()) {
        assertThat(node.storm()).as("silence %d, look %d", silence, looks).isPresent();
        assertThat(++looks).isLessThan(60);
        node.look(asked(Reading.good(), Reading.good()));
      }
      assertThat(node.storm()).isEmpty();
    }
    assertThat(afterSilence(20).look(asked(Reading.good(), BAD)).storm())
        .contains("1 of 4 uplinks are held down since many looked bad at once");
  }

  /// As of a host that has just booted.
  @Test
  void oneLostAnswerOfAllAfterAStormDoesNotEndIt() {
    Node node = afterSilence(20);
    for (int i = 0; i < 60; i++) {
      Reading reading = i == 6 ? BAD : Reading.good();
      node.look(asked(reading, reading));
      if (node.verdict(1).isBad() || node.verdict(2).isBad()) {
        assertThat(node.storm()).as("look %d", i).isPresent();
      }
    }
    assertThat(node.storm()).isEmpty();
  }

  @Test
  void whatIsBadStillAfterAStormDoesNotProlongIt() {
    Node node = afterSilence(20);
    for (int i = 0; i < 60; i++) {
      node.look(asked(Reading.good(), BAD));
      assertThat(node.storm().isPresent()).as("look %d", i).isEqualTo(node.verdict(1).isBad());
    }
    assertThat(node.verdict(2).isBad()).isTrue();
  }

  /// It is never calm for long enough, and a storm without end would keep all bonds on it.
  @Test
  void norDoesOneThatHasABadReadingNowAndThen() {
    Node node = afterSilence(20);
    for (int i = 0; i < 60; i++) {
      node.look(asked(Reading.good(), i % 9 == 8 ? BAD : Reading.good()));
    }
    assertThat(node.verdict(2).isBad()).isTrue();
    assertThat(node.storm()).isEmpty();
  }

  /// It may be held down for ten minutes for faults of its own.
  @Test
  void norDoesWhatTurnedBadLongBeforeIt() {
    Node node = node();
    for (int fall = 0; fall < 3; fall++) {
      for (int i = 0; i < 3; i++) {
        node.look(asked(BAD, Reading.good()));
      }
      while (fall < 2 && node.verdict(1).isBad()) {
        node.look(asked(Reading.good(), Reading.good()));
      }
    }
    for (int i = 0; i < 20; i++) {
      node.look(asked(Reading.good(), Reading.good()));
    }
    for (int i = 0; i < 5; i++) {
      node.look(asked(BAD, BAD));
    }
    assertThat(node.storm()).isPresent();
    for (int i = 0; i < 40; i++) {
      node.look(asked(Reading.good(), Reading.good()));
    }
    assertThat(node.verdict(1).isBad()).isTrue();
    assertThat(node.verdict(2).isBad()).isFalse();
    assertThat(node.storm()).isEmpty();
  }

  /// Hosts are asked every ten seconds, and looked at is once a second.
  @Test
  void aProbeThatIsWaitedForIsNotCountedAgain() {
    Node node = node();
    ProbePath path = new ProbePath(pf(1), OptionalInt.of(7));
    for (int i = 1; i <= 21; i++) {
      node.await(path, i % 10 == 1 ? Map.of(PROBE, BAD) : Map.of());
      assertThat(node.verdict().isBad()).as("look %d", i).isEqualTo(i == 21);
    }
    for (int i = 1; i <= 100; i++) {
      assertThat(node.verdict().isBad()).as("look %d", i).isTrue();
      node.await(path, i % 10 == 0 ? Map.of(PROBE, Reading.good()) : Map.of());
    }
    assertThat(node.verdict()).isEqualTo(Reading.good());
    node.look(Map.of(pf(1), Map.of()));
    assertThat(node.seen.getLast().pfs().get(pf(1)).tracks()).as("asked no more").isEmpty();
  }

  @Test
  void changesAreToldOnce() {
    Node node = node().look(Reading.good());
    PfUplink good = node.seen.getLast().pfs().get(pf(1));
    PfUplink bad = node.times(3, BAD).seen.getLast().pfs().get(pf(1));
    PfUplink still = node.look(BAD).seen.getLast().pfs().get(pf(1));
    assertThat(bad.changeSince(good))
        .contains("bad: lacp: the partner is expired, after it was good");
    assertThat(still.changeSince(bad)).isEmpty();
    assertThat(good.changeSince(bad)).contains("good, after it was bad");
  }

  private static UplinkSettings random(Random random) {
    return new UplinkSettings(
        UplinkAction.OBSERVE,
        SETTINGS.signals(),
        SETTINGS.probeInterval(),
        List.of(),
        true,
        1 + random.nextInt(30),
        1 + random.nextInt(20),
        Duration.ofSeconds(1 + random.nextInt(60)),
        Duration.ofSeconds(60 + random.nextInt(600)),
        SETTINGS.storm());
  }

  /// A reading that is bad so often of a hundred times.
  private static Reading random(Random random, int badPercent) {
    return random.nextInt(100) < badPercent
        ? BAD
        : random.nextInt(4) == 0 ? UNKNOWN : Reading.good();
  }

  @Test
  void whatIsNeverKnownToBeBadIsNeverBadAndNeverAStorm() {
    for (long seed : RandomWorlds.seeds(50)) {
      Random random = new Random(seed);
      Node node = new Node(random(random));
      for (int i = 0; i < 200; i++) {
        node.look(all(random(random, 0), random(random, 0), random(random, 0)));
        assertThat(node.storm()).as("seed %d", seed).isEmpty();
        assertThat(node.verdict().isBad()).as("seed %d, look %d", seed, i).isFalse();
      }
    }
  }

  @Test
  void theVerdictFollowsFromTheReadingsAloneWhateverTheyAre() {
    for (long seed : RandomWorlds.seeds(100)) {
      Random random = new Random(seed);
      Node node = new Node(random(random));
      int badPercent = random.nextInt(101);
      List<Reading> readings = new ArrayList<>();
      int since = 0;
      for (int i = 1; i <= 600; i++) {
        // Weather that changes, so that there are calm times and bad ones.
        badPercent = random.nextInt(60) == 0 ? random.nextInt(101) : badPercent;
        readings.add(random(random, random.nextInt(3) == 0 ? badPercent : badPercent / 50 * 100));
        boolean was = i > 1 && node.verdict().isBad();
        node.look(readings.getLast());
        String name = "seed " + seed + ", look " + i;
        int downAfter = node.settings.downAfter();
        long bad =
            readings.reversed().stream().limit(2L * downAfter - 1).filter(Reading::isBad).count();
        boolean calm =
            readings.size() >= node.settings.upAfter()
                && readings.reversed().stream()
                    .limit(node.settings.upAfter())
                    .noneMatch(Reading::isBad);
        if (!was) {
          assertThat(node.verdict().isBad()).as(name).isEqualTo(bad >= downAfter);
          since = i;
        } else {
          Duration held = Duration.ofSeconds(i - since);
          Duration hold = node.seen.getLast().pfs().get(pf(1)).holdDown();
          assertThat(node.verdict().isBad())
              .as(name)
              .isEqualTo(bad >= downAfter || !calm || held.compareTo(hold) < 0);
          assertThat(hold)
              .as(name)
              .isBetween(
                  min(node.settings.holdDown(), node.settings.longestHoldDown()),
                  node.settings.longestHoldDown());
        }
      }
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /// Each fall costs a bond a failover, and its traffic the way back.
  @Test
  void howeverItFlapsItFallsAFewTimesAnHour() {
    for (int period : new int[] {1, 2, 3, 5, 8, 11, 15, 20, 30, 45, 60, 90, 120}) {
      Node node = node();
      for (int i = 0; i < 3_600; i++) {
        node.look(i / period % 2 == 0 ? BAD : Reading.good());
      }
      assertThat(node.falls()).as("period %d s", period).isBetween(1, 12);
    }
  }
}
