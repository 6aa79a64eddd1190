package dev.podbond.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final int ROUNDS = 500;
  private static final List<String> FACETS =
      List.of("exit", "code", "a.bond0", "a.bond0.mtu", "a.net1.up", "result", "result.ips.0");

  private static CallOutcome outcome(String call, String... facets) {
    SortedMap<String, String> map = new TreeMap<>();
    for (int index = 0; index < facets.length; index += 2) {
      map.put(facets[index], facets[index + 1]);
    }
    return new CallOutcome(call, map);
  }

  private static List<String> compare(CallOutcome ours, CallOutcome theirs) {
    return Comparison.of("x/y", List.of(ours), List.of(theirs)).stream()
        .map(Difference::toString)
        .toList();
  }

  @Test
  void aDifferenceIsNamedWithCaseCallAndFacet() {
    assertThat(
            compare(
                outcome("1.ADD bond", "exit", "1", "code", "7"),
                outcome("1.ADD bond", "exit", "1", "code", "999")))
        .containsExactly("x/y 1.ADD bond (both fail) code: ours 7, theirs 999");
  }

  @Test
  void whatOnlyOneHasIsOneDifference() {
    assertThat(
            compare(
                outcome("1.ADD bond", "exit", "1"),
                outcome("1.ADD bond", "exit", "0", "a.bond0", "bond", "a.bond0.mtu", "1500")))
        .containsExactly(
            "x/y 1.ADD bond (ours fails) a.bond0: ours -, theirs bond",
            "x/y 1.ADD bond (ours fails) exit: ours 1, theirs 0");
  }

  @Test
  void anAttributeOfWhatBothHaveIsNamed() {
    assertThat(
            compare(
                outcome("1.ADD bond", "exit", "0", "a.bond0", "bond", "a.bond0.mtu", "1400"),
                outcome("1.ADD bond", "exit", "0", "a.bond0", "bond")))
        .containsExactly("x/y 1.ADD bond a.bond0.mtu: ours 1400, theirs -");
  }

  @Test
  void whichMemberGivesTheBondItsMacIsNoDifference() {
    assertThat(compare(withMacInResult("02:00:00:00:00:01"), withMacInResult("02:00:00:00:00:02")))
        .isEmpty();
    assertThat(compare(withMacInResult("02:00:00:00:00:01"), withMacInResult("02:00:00:00:00:03")))
        .containsExactly(
            "x/y 1.ADD bond result.interfaces.0.mac: ours a member's, theirs 02:00:00:00:00:03");
  }

  private static CallOutcome withMacInResult(String mac) {
    return outcome(
        "1.ADD bond",
        "exit",
        "0",
        "a.bond0.mac",
        "a member's",
        "a.net1.mac",
        "02:00:00:00:00:01",
        "a.net1.master",
        "bond0",
        "a.net2.mac",
        "02:00:00:00:00:02",
        "a.net2.master",
        "bond0",
        "result.interfaces.0.name",
        "bond0",
        "result.interfaces.0.mac",
        mac);
  }

  @Test
  void callsThatWereNotMadeAreADifference() {
    assertThat(Comparison.of("x/y", List.of(outcome("1.ADD bond")), List.of()))
        .containsExactly(new Difference("x/y", "calls", "1", "0"));
  }

  /// Equal outcomes never differ, unequal ones always do, and sides can be swapped.
  @Test
  void comparisonsAreFaithful() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      CallOutcome one = random(random);
      CallOutcome other = random(random);
      assertThat(compare(one, one)).as("seed %d", seed).isEmpty();
      assertThat(compare(one, other).isEmpty())
          .as("seed %d: %s, %s", seed, one, other)
          .isEqualTo(one.equals(other));
      assertThat(compare(one, other)).as("seed %d", seed).hasSameSizeAs(compare(other, one));
    }
  }

  private static CallOutcome random(Random random) {
    SortedMap<String, String> facets = new TreeMap<>();
    for (String facet : FACETS) {
      int value = random.nextInt(3);
      if (value > 0) {
        facets.put(facet, Integer.toString(value));
      }
    }
    return new CallOutcome("1.ADD bond", facets);
  }

  @Test
  void whatIsRecordedAnewTakesThePlaceOfTheOldAndTheOthersStay() {
    List<CallOutcome> old = List.of(outcome("1.ADD bond", "exit", "0"));
    List<CallOutcome> fresh = List.of(outcome("1.ADD bond", "exit", "1"));
    Recording before = new Recording("peer 1", "6.12", Map.of("x/a", old, "x/b", old, "x/c", old));
    Recording newer = new Recording("peer 1", "6.12", Map.of("x/b", fresh, "x/d", fresh));
    assertThat(before.updated(newer, List.of("x/d", "x/b", "x/a")).cases())
        .containsExactly(Map.entry("x/d", fresh), Map.entry("x/b", fresh), Map.entry("x/a", old));
  }

  @Test
  void aRecordingIsOfOnePeerOnOneKernel() {
    List<CallOutcome> calls = List.of(outcome("1.ADD bond", "exit", "0"));
    Recording before = new Recording("peer 1", "6.12", Map.of("x/a", calls));
    Recording newer = new Recording("peer 2", "6.12", Map.of("x/b", calls));
    assertThat(before.updated(newer, List.of("x/b"))).isEqualTo(newer);
    assertThatThrownBy(() -> before.updated(newer, List.of("x/a", "x/b")))
        .hasMessageContainingAll("peer 1", "peer 2");
  }

  @Test
  void recordingsAreReadAsTheyWereWritten() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Recording written =
          new Recording(
              "peer 1",
              "6.12",
              Map.of("x/y", List.of(random(random), random(random), random(random))));
      assertThat(Recording.of(dev.podbond.json.Json.parseObject(written.toText())))
          .as("seed %d", seed)
          .isEqualTo(written);
    }
  }
}
