package dev.podbond.cluster.observed;

import static dev.podbond.cluster.observed.Reports.bond;
import static dev.podbond.cluster.observed.Reports.bright;
import static dev.podbond.cluster.observed.Reports.dark;
import static dev.podbond.cluster.observed.Reports.pod;
import static dev.podbond.cluster.observed.Reports.pods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.podbond.cluster.observed.Reports.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ReportedNodeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(3);

  private static NodeReport one(Shape shape) {
    return Reports.of(true, bond("web-0", shape, "something"));
  }

  @Test
  void aNewPodIsInItsServicesAtOnceAndNothingIsTold() {
    Watched node = new Watched(pods(1)).report(bright(1));

    assertThat(node.up("web-0")).isEqualTo("True BondsUp");
    assertThat(node.redundant("web-0")).isEqualTo("True AllMembersUp");
    assertThat(node.verdicts).hasSize(1);
    assertThat(node.isAtRest()).isTrue();
    assertThat(node.pass(LONG).news).isEmpty();
  }

  @Test
  void aLostMemberTakesAwayRedundancyAfterThreeSecondsAndNoTraffic() {
    Watched node = new Watched(pods(1)).report(bright(1)).report(one(Shape.FIRST_DOWN));

    assertThat(node.pass(SECOND.multipliedBy(2)).redundant("web-0")).startsWith("True");
    assertThat(node.news).isEmpty();
    node.pass(SECOND);
    assertThat(node.redundant("web-0")).isEqualTo("False MemberDown");
    assertThat(node.up("web-0")).isEqualTo("True BondsUp");
    assertThat(node.news)
        .singleElement()
        .isEqualTo(
            new News(
                new News.Pod("demo", "web-0", "uid-web-0", "n1"),
                true,
                "RedundancyLost",
                "bond storage runs on 1 of 2 members, without net1: something"));

    node.report(bright(1)).pass(LONG);
    assertThat(node.redundant("web-0")).isEqualTo("True AllMembersUp");
    assertThat(node.reasons()).containsExactly("RedundancyLost", "RedundancyRestored");
  }

  /// As `kubectl bond` calls it. What is wrong is told, and not that a member came back before.
  @Test
  void anLacpBondWithoutAPartnerIsNotRedundantThoughAllItsMembersAreUp() {
    Watched node = new Watched(pods(1)).report(bright(1)).report(one(Shape.WITHOUT_PARTNER));

    assertThat(node.pass(SECOND.multipliedBy(2)).redundant("web-0")).startsWith("True");
    assertThat(node.pass(SECOND).redundant("web-0")).isEqualTo("False Degraded");
    assertThat(node.up("web-0")).isEqualTo("True BondsUp");
    String words = "bond storage is Degraded with all 2 members up: no LACP partner answers";
    assertThat(node.pods().get("uid-web-0").condition(PodCondition.REDUNDANT))
        .map(PodCondition::message)
        .contains(words);
    assertThat(node.pass(LONG).news)
        .containsExactly(
            new News(
                new News.Pod("demo", "web-0", "uid-web-0", "n1"), true, "BondDegraded", words));

    node.forget().takenOver().pass(LONG);
    assertThat(node.news).as("another operator tells it no second time").isEmpty();
    node.report(one(Shape.FIRST_DOWN)).pass(LONG);
    assertThat(node.redundant("web-0")).isEqualTo("False MemberDown");
    node.report(one(Shape.WITHOUT_PARTNER)).pass(LONG).report(bright(1)).pass(LONG);
    assertThat(node.redundant("web-0")).isEqualTo("True AllMembersUp");
    assertThat(node.reasons()).containsExactly("RedundancyLost", "RedundancyRestored");

    node.report(one(Shape.NONE_UP)).pass(LONG).forget();
    node.report(one(Shape.WITHOUT_PARTNER)).pass(LONG);
    assertThat(node.news)
        .extracting(News::message)
        .containsExactly(
            "bond storage passes traffic again; it is Degraded with all 2 members up: no LACP"
                + " partner answers");
  }

  @Test
  void aPodLeavesItsServicesAfterTenSecondsWithoutTraffic() {
    Watched node = new Watched(pods(1)).report(bright(1)).report(one(Shape.NONE_UP));

    node.pass(SECOND.multipliedBy(9));
    assertThat(node.up("web-0")).isEqualTo("True BondsUp");
    assertThat(node.redundant("web-0")).isEqualTo("False BondDown");
    assertThat(node.reasons()).containsExactly("BondDown");
    assertThat(node.pass(SECOND).up("web-0")).isEqualTo("False BondDown");

    node.report(one(Shape.FIRST_DOWN)).pass(SECOND.multipliedBy(2));
    assertThat(node.up("web-0")).isEqualTo("False BondDown");
    assertThat(node.pass(SECOND).up("web-0")).isEqualTo("True BondsUp");
    assertThat(node.reasons()).containsExactly("BondDown", "BondUp");
    assertThat(node.pass(LONG).reasons()).hasSize(2);
  }

  @Test
  void whatIsOverBeforeItCountsIsNoNews() {
    Watched node =
        new Watched(pods(1))
            .report(bright(1))
            .report(one(Shape.NONE_UP))
            .pass(SECOND.multipliedBy(2))
            .forget()
            .report(bright(1))
            .pass(LONG);

    assertThat(node.news).isEmpty();
    assertThat(node.verdicts).isEmpty();
  }

  @Test
  void theCauseIsToldOnceOnTheNodeAndBesideItTwentyPodsAreNamed() {
    Watched node = new Watched(pods(41)).report(bright(41)).report(dark(41)).pass(LONG);

    assertThat(node.news.getFirst())
        .isEqualTo(
            new News(
                new News.Node("n1"),
                true,
                "UplinkLost",
                "PF ens1f0 (p0) of node n1 lost its carrier; 41 bonds run on one member"));
    assertThat(node.reasons()).filteredOn("RedundancyLost"::equals).hasSize(NodeLook.MAX_NAMED);
    assertThat(node.news).hasSize(1 + NodeLook.MAX_NAMED);
    assertThat(node.pods().keySet())
        .allSatisfy(
            uid -> assertThat(node.redundant(uid.substring(4))).isEqualTo("False MemberDown"));

    node.forget().report(bright(41)).pass(LONG);
    assertThat(node.reasons().getFirst()).isEqualTo("UplinkRestored");
    assertThat(node.news).hasSize(1 + NodeLook.MAX_NAMED);
    assertThat(node.pods().keySet())
        .allSatisfy(uid -> assertThat(node.redundant(uid.substring(4))).startsWith("True"));
  }

  /// Its agent could not read it. No cable was plugged in.
  @Test
  void aCarrierThatIsNotKnownAnyMoreIsNotRestored() {
    Watched node = new Watched(pods(1)).report(bright(1)).report(dark(1)).pass(LONG);
    assertThat(node.reasons()).containsExactly("UplinkLost", "RedundancyLost");

    node.forget().report(Reports.ofUnknownPfs(bond("web-0", Shape.FIRST_DOWN, ""))).pass(LONG);
    assertThat(node.news).isEmpty();
    node.report(one(Shape.FIRST_DOWN)).pass(LONG);
    assertThat(node.reasons()).containsExactly("UplinkRestored");

    Watched begun = new Watched(pods(1)).report(bright(1)).report(dark(1));
    begun.report(Reports.ofUnknownPfs(bond("web-0", Shape.FIRST_DOWN, ""))).pass(LONG);
    assertThat(begun.reasons()).containsExactly("UplinkLost", "RedundancyLost");
  }

  /// The link is as good as before. Nobody but the verdict tells why bonds run on one member.
  @Test
  void anUplinkThatIsBadBehindACarrierIsToldOnceWithWhatBondsDo() {
    String[] kept = Reports.bonds(2, Shape.BOTH_UP, "");
    kept[0] = bond("web-0", Shape.FIRST_HELD, Reports.UPLINK);
    Watched node = new Watched(pods(2)).report(bright(2)).report(Reports.judged("bad", "", kept));

    node.pass(SECOND.multipliedBy(17));
    assertThat(node.redundant("web-0")).isEqualTo("False MemberHeldBack");
    assertThat(node.redundant("web-1")).startsWith("True");
    assertThat(node.up("web-0")).isEqualTo("True BondsUp");
    assertThat(node.news)
        .containsExactly(
            new News(
                new News.Pod("demo", "web-0", "uid-web-0", "n1"),
                true,
                "RedundancyLost",
                "bond storage runs on 1 of 2 members, without net1: " + Reports.UPLINK));
    assertThat(node.forget().pass(SECOND).news)
        .as("after a second report")
        .containsExactly(
            new News(
                new News.Node("n1"),
                true,
                "UplinkBad",
                "PF ens1f0 (p0) of node n1 has a carrier, but its uplink is bad: lacp: no partner;"
                    + " 1 bond runs on one member, 1 bond keeps a member there"));
    assertThat(node.forget().takenOver().pass(LONG).news).isEmpty();

    node.report(Reports.judged("good", "", Reports.bonds(2, Shape.BOTH_UP, ""))).pass(LONG);
    assertThat(node.news)
        .extracting(News::reason, News::message)
        .containsExactlyInAnyOrder(
            tuple("UplinkGood", "PF ens1f0 (p0) of node n1 has a good uplink again"),
            tuple("RedundancyRestored", "bond storage has all 2 members up, on more than one PF"));
  }

  @Test
  void besideAnUplinkTwentyPodsAreNamedHoweverLateItIsTold() {
    Watched node = new Watched(pods(41)).report(bright(41)).report(Reports.held(41)).pass(LONG);

    assertThat(node.reasons()).filteredOn("RedundancyLost"::equals).hasSize(NodeLook.MAX_NAMED);
    assertThat(node.news).hasSize(1 + NodeLook.MAX_NAMED);
    assertThat(node.news.getLast().message()).contains("41 bonds run on one member");
    node.forget().report(Reports.judged("good", "", Reports.bonds(41, Shape.BOTH_UP, "")));
    assertThat(node.pass(LONG).news).hasSize(1 + NodeLook.MAX_NAMED);
    node.forget().report(Reports.held(41)).pass(LONG);
    assertThat(node.news).hasSize(1 + NodeLook.MAX_NAMED);
  }

  /// A cable that is plugged in again, and what is behind it, are one story.
  @Test
  void ofAPfOneThingIsToldAtATime() {
    Watched node = new Watched(pods(1)).report(bright(1)).report(dark(1)).pass(LONG).forget();
    node.report(Reports.held(1)).pass(SECOND.multipliedBy(10));
    node.report(Reports.judged("good", "", Reports.bonds(1, Shape.BOTH_UP, ""))).pass(LONG);
    assertThat(node.reasons())
        .as("held down for a while")
        .containsExactly("UplinkRestored", "RedundancyRestored");

    node.report(dark(1)).pass(LONG).forget().report(Reports.held(1)).pass(LONG);
    assertThat(node.news)
        .singleElement()
        .extracting(News::message)
        .isEqualTo(
            "PF ens1f0 (p0) of node n1 has its carrier again, but its uplink is bad: lacp: no"
                + " partner; 1 bond runs on one member");
    node.forget().report(Reports.judged("", "", bond("web-0", Shape.FIRST_HELD, "")));
    assertThat(node.pass(LONG).news).as("nobody watches any more").isEmpty();
    node.report(dark(1)).pass(LONG).report(bright(1)).pass(LONG);
    assertThat(node.reasons())
        .containsExactly("UplinkLost", "UplinkRestored", "RedundancyRestored");
  }

  /// Where nothing but a carrier is watched for, a healthy uplink has no verdict.
  @Test
  void aCarrierThatIsBackIsRestoredWhateverIsHeldDown() {
    String up = bond("web-0", Shape.BOTH_UP, "");
    Watched node = new Watched(pods(1)).report(bright(1)).report(dark(1)).pass(LONG).forget();
    node.report(Reports.bad("carrier: it has no carrier", up)).pass(SECOND.multipliedBy(10));
    assertThat(node.report(Reports.judged("", "", up)).pass(LONG).reasons())
        .containsExactly("UplinkRestored", "RedundancyRestored");

    node.report(dark(1)).pass(LONG).forget();
    node.report(Reports.bad("lacp: no partner", up)).pass(SECOND.multipliedBy(10));
    assertThat(node.report(Reports.judged("", "", up)).pass(LONG).reasons())
        .as("before anybody was told that it is bad")
        .contains("UplinkRestored")
        .doesNotContain("UplinkBad");

    node.forget().report(Reports.bad("lacp: no partner", up)).pass(LONG);
    node.report(Reports.judged("", "", up)).pass(LONG);
    assertThat(node.report(Reports.bad("lacp: no partner", up)).pass(LONG).reasons())
        .as("what was not known for a while")
        .containsExactly("UplinkBad", "UplinkBad");
  }

  @Test
  void anUplinkThatFlapsIsToldOnce() {
    Watched node = new Watched(pods(1)).report(bright(1)).forget();
    for (int i = 0; i < 20; i++) {
      node.report(Reports.judged("bad", "", bond("web-0", Shape.BOTH_UP, ""))).pass(SECOND);
      node.report(Reports.judged("good", "", bond("web-0", Shape.BOTH_UP, ""))).pass(SECOND);
    }
    assertThat(node.news)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.reason()).isEqualTo("UplinkFlapping");
          assertThat(one.message()).contains("its carrier or what is behind it 6 times");
        });
    assertThat(node.pass(LONG).news).hasSize(1);
  }

  @Test
  void aStormIsToldWithItsReasonAndItsEnd() {
    String bond = bond("web-0", Shape.BOTH_UP, "");
    Watched node = new Watched(pods(1)).report(bright(1));
    node.report(Reports.judged("", "2 of 2 uplinks are bad", bond)).pass(SECOND.multipliedBy(2));
    assertThat(node.news).isEmpty();
    assertThat(node.pass(SECOND).news)
        .containsExactly(
            new News(
                new News.Node("n1"),
                true,
                "UplinkStorm",
                "so many uplinks of node n1 look bad that no bond leaves one: 2 of 2 uplinks are"
                    + " bad"));
    node.forget().report(Reports.judged("", "1 of 2 uplinks is held down", bond)).pass(LONG);
    assertThat(node.takenOver().pass(LONG).news).isEmpty();
    assertThat(node.report(Reports.judged("", "", bond)).pass(LONG).news)
        .containsExactly(
            new News(
                new News.Node("n1"),
                false,
                "UplinkStormOver",
                "bonds of node n1 may leave a bad uplink again"));
    assertThat(node.isAtRest()).isTrue();
  }

  @Test
  void aSwitchThatRestartsTakesNoPodOutOfItsServices() {
    Watched node = new Watched(pods(20)).report(bright(20)).report(dark(20)).pass(LONG);

    assertThat(node.pods().keySet())
        .allSatisfy(uid -> assertThat(node.up(uid.substring(4))).isEqualTo("True BondsUp"));
  }

  @Test
  void whatFlapsIsToldOnceAndLeavesConditionsAsTheyAre() {
    Watched node = new Watched(pods(1)).report(bright(1)).forget();
    for (int i = 0; i < 20; i++) {
      node.report(one(Shape.NONE_UP)).pass(SECOND).report(bright(1)).pass(SECOND);
    }

    assertThat(node.reasons()).containsExactly("BondFlapping");
    assertThat(node.news.getFirst().message()).contains("changed 6 times");
    assertThat(node.verdicts).isEmpty();

    node.report(one(Shape.FIRST_DOWN)).pass(LONG);
    assertThat(node.reasons()).containsExactly("BondFlapping", "RedundancyLost");
    assertThat(node.news.getLast().message()).endsWith("(after 41 changes)");
    assertThat(node.isAtRest()).isTrue();
  }

  /// Neither a missing report of a bond nor one of an earlier pod of the same name.
  @Test
  void whatIsNotKnownLeavesConditionsAsTheyAre() {
    Watched node = new Watched(pods(1)).report(bright(1)).forget();

    node.report(Reports.of(true)).pass(LONG);
    node.report(
            Reports.of(true, bond("web-0", Shape.NONE_UP, "").replace("uid-web-0", "an earlier")))
        .pass(LONG);

    assertThat(node.verdicts).isEmpty();
    assertThat(node.news).isEmpty();
    assertThat(new Watched(pods(1)).report(Reports.of(true)).pass(LONG).up("web-0")).isEmpty();
  }

  @Test
  void ofSeveralBondsTheWorstCountsAndTheOthersMayBeUnknown() {
    BondedPod two =
        new BondedPod(
            "demo",
            "web-0",
            "uid-web-0",
            "n1",
            List.of(new BondUse("demo/storage", "storage"), new BondUse("demo/backup", "backup")),
            1,
            List.of());
    Watched node = new Watched(List.of(two));

    assertThat(node.report(bright(1)).pass(LONG).up("web-0")).isEmpty();
    String backup = bond("web-0", Shape.BOTH_UP, "").replace("\"storage\"", "\"backup\"");
    node.report(Reports.of(true, bond("web-0", Shape.BOTH_UP, ""), backup)).pass(LONG);
    assertThat(node.up("web-0")).isEqualTo("True BondsUp");
    assertThat(node.redundant("web-0")).isEqualTo("True AllMembersUp");
    node.report(Reports.of(true, bond("web-0", Shape.NONE_UP, ""))).pass(LONG);
    assertThat(node.up("web-0")).isEqualTo("False BondDown");
  }

  @Test
  void membersOnOnePfAreNotRedundantAndWithoutAPfNobodyKnows() {
    String onePf = bond("web-0", Shape.BOTH_UP, "").replace("\"p1\"", "\"p0\"");
    String noPf = onePf.replace("\"pfPciAddress\": \"p0\", ", "");

    Watched node = new Watched(pods(1)).report(Reports.of(true, onePf)).pass(LONG);
    assertThat(node.redundant("web-0")).isEqualTo("False OnePf");
    assertThat(node.up("web-0")).isEqualTo("True BondsUp");
    node.report(Reports.of(true, noPf)).pass(LONG);
    assertThat(node.redundant("web-0")).isEqualTo("Unknown PfUnknown");
    node.report(bright(1)).pass(LONG);
    assertThat(node.redundant("web-0")).isEqualTo("True AllMembersUp");
    assertThat(node.news).isEmpty();
  }

  @Test
  void whoTakesOverTellsWhatChangedMeanwhileAndNothingTwice() {
    Watched node = new Watched(pods(3)).report(bright(3)).report(dark(3)).pass(LONG).forget();

    assertThat(node.takenOver().pass(LONG).news).isEmpty();
    assertThat(node.verdicts).isEmpty();
    node.report(bright(3)).pass(LONG).forget();
    node.takenOver().report(dark(3)).pass(LONG);
    assertThat(node.reasons())
        .containsExactly("UplinkLost", "RedundancyLost", "RedundancyLost", "RedundancyLost");
  }

  @Test
  void aNodeThatLiesWithoutEndCausesFewEvents() {
    Watched node = new Watched(pods(500)).report(bright(500));
    for (int i = 0; i < 20; i++) {
      node.report(i % 2 == 0 ? allDown(500) : bright(500)).pass(SECOND.multipliedBy(4));
    }

    assertThat(node.news).hasSizeLessThanOrEqualTo(2 * Budget.MOST);
    assertThat(node.withheld).isPositive();
  }

  private static NodeReport allDown(int pods) {
    List<String> bonds = new ArrayList<>();
    for (int i = 0; i < pods; i++) {
      bonds.add(bond("web-" + i, Shape.NONE_UP, ""));
    }
    return Reports.of(true, bonds.toArray(String[]::new));
  }

  @Test
  void controlCharactersOfANodeReachNoEvent() {
    Watched node =
        new Watched(pods(1))
            .report(bright(1))
            .report(
                Reports.of(true, bond("web-0", Shape.FIRST_DOWN, "\\u001b[2J" + "x".repeat(9000))))
            .pass(LONG);

    assertThat(node.news)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.message()).doesNotContain("\u001b").contains("<001b>");
          assertThat(one.message().length()).isLessThan(1024);
        });
  }

  @Test
  void norDoesAnyReasonOfAnUplink() {
    String bond = bond("web-0", Shape.BOTH_UP, "");
    NodeReport hostile =
        NodeReport.of(
            "n1",
            Reports.json(
                """
                {"pfs": [{"name": "ens1f0", "pciAddress": "p0", "carrier": true, "upstream": "bad",
                          "upstreamReason": "TEXT"}],
                 "uplinkStorm": "TEXT", "bonds": [%s]}
                """
                    .formatted(bond)
                    .replace("TEXT", "\\u001b[2J" + "x".repeat(9000))));
    Watched node = new Watched(pods(1)).report(bright(1)).report(hostile).pass(LONG);

    assertThat(node.news)
        .hasSize(2)
        .allSatisfy(one -> {
          assertThat(one.message()).doesNotContain("\u001b").contains("<001b>");
          assertThat(one.message().length()).isLessThan(1024);
        });
  }

  /// Whatever came before, and in whatever order: the last report and time decide. And whatever is
  /// told, something changed. Seeded; the assertion's description has the seed.
  @Test
  void theEndIsTheSameWhateverCameBefore() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      int pods = 1 + random.nextInt(4);
      NodeReport last = random(random, pods);
      Watched straight = new Watched(pods(pods)).report(last).pass(LONG);
      Watched detour = new Watched(pods(pods));
      int changes = random.nextInt(8);
      for (int i = 0; i < changes; i++) {
        detour.report(random(random, pods)).pass(Duration.ofMillis(random.nextInt(40_000)));
        if (random.nextInt(5) == 0) {
          detour.takenOver();
        }
      }
      detour.report(last).pass(LONG);

      assertThat(ends(detour)).as("seed %d, round %d", seed, round).isEqualTo(ends(straight));
      assertThat(detour.isAtRest()).as("seed %d", seed).isTrue();
      detour.forget();
      for (int i = 0; i < 3; i++) {
        detour.look();
        detour.pass(LONG);
      }
      assertThat(detour.news).as("seed %d, no event without a change", seed).isEmpty();
      assertThat(detour.verdicts).as("seed %d, no write without a change", seed).isEmpty();
    }
  }

  /// The messages may name another cause, if it came to be so in another way.
  private static String ends(Watched node) {
    return node.pods().values().stream()
        .flatMap(pod -> pod.conditions().stream())
        .map(c -> c.type() + c.status() + c.reason())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static NodeReport random(Random random, int pods) {
    List<String> bonds = new ArrayList<>();
    for (int i = 0; i < pods; i++) {
      Shape shape = Shape.values()[random.nextInt(Shape.values().length)];
      bonds.add(bond("web-" + i, shape, "cause " + random.nextInt(3)));
    }
    String[] all = bonds.toArray(String[]::new);
    return switch (random.nextInt(3)) {
      case 0 -> Reports.of(true, all);
      case 1 -> Reports.of(false, all);
      default ->
          Reports.judged(
              List.of("good", "bad", "").get(random.nextInt(3)),
              random.nextBoolean() ? "2 of 2" : "",
              all);
    };
  }

  @Test
  void aPodWithoutBondsIsLeftAlone() {
    BondedPod none = new BondedPod("demo", "web-0", "uid-web-0", "n1", List.of(), 1, List.of());

    Watched node = new Watched(List.of(none)).report(Reports.of(true)).pass(LONG);

    assertThat(node.verdicts).isEmpty();
    assertThat(pod("web-0").path()).isEqualTo("demo/web-0");
  }
}
