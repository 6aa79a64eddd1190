package dev.podbond.cluster.nodestate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.state.BondHealth;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeStateTest {
  private static final int RUNS = 200;

  private static NodeState state(JsonObject... bonds) {
    return NodeStateCollector.collect("0.1.0", NodeState.NONE, Answers.of(bonds));
  }

  @Test
  void saysOfABondWhatItsOwnerAsks() {
    assertThat(state(Answers.healthy("demo/web-1"), Answers.degraded()).toJson())
        .isEqualTo(
            Answers.json(
                """
                {"observedAgent": {"version": "0.1.0"},
                 "summary": {"bonds": 2, "healthy": 1, "degraded": 1, "down": 0,
                  "pfsDown": 1},
                 "pfs": [
                   {"name": "ens1f0", "pciAddress": "0000:3b:00.0", "carrier": false, "members": 2},
                   {"name": "ens1f1", "pciAddress": "0000:3b:00.1", "members": 1}],
                 "bonds": [
                   {"namespace": "demo", "pod": "web-0", "container": "0123456789ab",
                    "bond": "bond0", "network": "demo/bond-net", "mode": "active-backup",
                    "health": "Degraded", "since": "2026-11-30T00:10:00Z", "active": "net2",
                    "configured": 2, "up": 1, "problems": ["member net1 has no link"],
                    "cause": "PF ens1f0 (0000:3b:00.0) has no carrier; of something else",
                    "members": [
                      {"name": "net1", "pciAddress": "0000:3b:02.0", "pf": "ens1f0",
                       "pfPciAddress": "0000:3b:00.0", "driver": "iavf", "state": "down"},
                      {"name": "net2", "pciAddress": "0000:3b:10.0", "pf": "ens1f1",
                       "pfPciAddress": "0000:3b:00.1", "driver": "iavf", "state": "up"}],
                    "survives": [
                      {"failure": "cable", "answer": "Yes", "how": "PCIAddress"},
                      {"failure": "card", "answer": "No", "how": "PCIAddress",
                       "shared": "0000:3b:00"}]},
                   {"namespace": "demo", "pod": "web-1", "container": "c", "bond": "bond0",
                    "mode": "active-backup", "health": "Healthy", "since": "2026-11-30T00:00:00Z",
                    "active": "net1", "configured": 1, "up": 1, "problems": [],
                    "members": [{"name": "net1", "pciAddress": "0000:3b:02.1", "pf": "ens1f0",
                      "pfPciAddress": "0000:3b:00.0", "state": "up"}]}],
                 "omitted": 0}
                """));
  }

  private static List<Optional<Boolean>> carriers(NodeState before, String pfs, JsonObject bond) {
    NodeState now = NodeStateCollector.collect("1", before, Answers.of(pfs, bond));
    assertThat(now.summary().pfsDown())
        .isEqualTo(
            now.pfs().stream().filter(pf -> pf.carrier().equals(Optional.of(false))).count());
    return now.pfs().stream().map(PfEntry::carrier).toList();
  }

  /// The pod, its agent or the first report may be younger than the failure, and what a bond says
  /// last may be about something else.
  @Test
  void aPfHasTheCarrierThatItsAgentReadsWhateverItsBondsSay() {
    String first = "[{\"name\": \"ens1f0\", \"pci\": \"0000:3b:00.0\", \"carrier\": %s}, %s]";
    String second = "{\"name\": \"ens1f1\", \"pci\": \"0000:3b:00.1\", \"carrier\": true}";
    JsonObject young = Answers.degraded().with("transitions", JsonArray.of());
    for (JsonObject bond : List.of(Answers.degraded(), young)) {
      assertThat(carriers(NodeState.NONE, first.formatted(false, second), bond))
          .containsExactly(Optional.of(false), Optional.of(true));
      assertThat(carriers(state(bond), first.formatted(true, second), bond))
          .as("as before a member that is held back")
          .containsExactly(Optional.of(true), Optional.of(true));
    }
  }

  @Test
  void ofACarrierThatTheAgentCouldNotReadNothingIsSaid() {
    NodeState before = state(Answers.degraded());
    String unread = "[{\"name\": \"ens1f0\", \"pci\": \"0000:3b:00.0\", \"carrier\": \"no\"}]";
    for (String pfs : List.of("[]", "17", unread)) {
      assertThat(carriers(before, pfs, Answers.degraded()))
          .containsExactly(Optional.empty(), Optional.empty());
    }
  }

  private static String judged(String upstream) {
    return """
    [{"name": "ens1f0", "pci": "0000:3b:00.0", "carrier": true, "upstream": %s},
     {"name": "ens1f1", "pci": "0000:3b:00.1", "carrier": true}]
    """
        .formatted(upstream);
  }

  private static JsonObject firstPf(NodeState before, String upstream) {
    return NodeStateCollector.collect("1", before, Answers.of(judged(upstream), Answers.degraded()))
        .pfs()
        .getFirst()
        .toJson();
  }

  /// Of the end of what LACP says at one moment nobody would tell the reporter.
  @Test
  void ofWhatIsBehindACableOnlyTheVerdictIsWritten() {
    String bad = "{\"state\": \"bad\", \"why\": \"lacp: no partner\", \"watched\": true}";
    assertThat(firstPf(NodeState.NONE, bad))
        .isEqualTo(
            Answers.json(
                """
                {"name": "ens1f0", "pciAddress": "0000:3b:00.0", "carrier": true,
                 "upstream": "bad", "upstreamReason": "lacp: no partner", "members": 1}
                """));
    assertThat(firstPf(NodeState.NONE, "{\"state\": \"good\", \"watched\": true}").toString())
        .contains("\"upstream\":\"good\"");
    assertThat(firstPf(NodeState.NONE, bad.replace("no partner", "\\u001b[2J")).toString())
        .contains("<001b>");
    for (String none :
        List.of(
            bad.replace(", \"watched\": true", ""),
            bad.replace("true", "\"true\""),
            bad.replace("bad", "unknown"),
            bad.replace("bad", "worse"),
            "17")) {
      assertThat(firstPf(NodeState.NONE, none).toString()).as(none).doesNotContain("upstream");
    }
  }

  /// With every host that answers or does not, the reason is another.
  @Test
  void anotherReasonAloneIsNoChange() {
    String why = "{\"state\": \"bad\", \"why\": \"%s\", \"watched\": true}";
    JsonObject one = Answers.of(judged(why.formatted("one")), Answers.degraded());
    JsonObject other = Answers.of(judged(why.formatted("other")), Answers.degraded());
    NodeState before =
        NodeStateCollector.collect(
            "1", NodeState.NONE, one.with("uplinkStorm", new JsonString("2 of 2")));
    assertThat(
            NodeStateCollector.collect(
                "1", before, other.with("uplinkStorm", new JsonString("1 of 2"))))
        .isSameAs(before);
    NodeState calm = NodeStateCollector.collect("1", before, other);
    assertThat(calm.uplinkStorm()).isEmpty();
    assertThat(calm.pfs().getFirst().toJson().toString()).as("by the way").contains("\"other\"");
    NodeState good =
        NodeStateCollector.collect("1", before, Answers.of(judged("{}"), Answers.degraded()));
    assertThat(good).isNotEqualTo(before);
  }

  @Test
  void whoIsAtTheOtherEndOfACableIsSaidInWordsAsFarAsTheyFit() {
    String pfs =
        "[{\"name\": \"ens1f0\", \"pci\": \"0000:3b:00.0\", \"neighbour\": {\"chassis\":"
            + " \"00:1c:73:aa:bb:01\", \"port\": \"Ethernet1\", \"systemName\": \"spine-1\"}},"
            + " {\"name\": \"ens1f1\", \"pci\": \"0000:3b:00.1\", \"neighbour\":"
            + " {\"unknown\": \"%s\"}}]";
    NodeState told =
        NodeStateCollector.collect(
            "1",
            NodeState.NONE,
            Answers.of(pfs.formatted("\\u001b".repeat(1_000)), Answers.degraded()));
    assertThat(told.pfs())
        .extracting(pf -> pf.neighbour().orElse(""))
        .first()
        .isEqualTo("spine-1 (00:1c:73:aa:bb:01), port Ethernet1");
    assertThat(told.pfs().getLast().neighbour().orElse(""))
        .startsWith("unknown: <001b>")
        .endsWith("...")
        .hasSizeLessThanOrEqualTo(256);
    assertThat(NodeState.of(told.toJson()).pfs()).isEqualTo(told.pfs());
    assertThat(state(Answers.degraded()).pfs().getFirst().neighbour()).isEmpty();
  }

  private static Optional<String> cause(String... transitions) {
    return state(
            Answers.degraded()
                .with(
                    "transitions",
                    Answers.json("{\"all\": [" + String.join(",", transitions) + "]}")
                        .get("all")
                        .orElseThrow()))
        .bonds()
        .getFirst()
        .cause();
  }

  /// An LACP bond uses another aggregator because it has lost a member.
  @Test
  void aChangeWithoutACauseIsPartOfTheFailureShortlyBeforeIt() {
    String dark = "{\"at\": \"2026-11-30T00:10:00Z\", \"cause\": \"dark\"}";
    String other = "{\"at\": \"2026-11-30T00:10:%sZ\", \"cause\": \"\"}";
    assertThat(cause(dark, other.formatted("00.300"), other.formatted("10"))).contains("dark");
    assertThat(cause(dark, other.formatted("10.001"))).as("long after it").isEmpty();
    assertThat(cause(dark, "{\"cause\": \"\"}")).as("nobody knows when").isEmpty();
    assertThat(cause(dark.replace("10:00", "20:00"), other.formatted("00"))).as("later").isEmpty();
    String back = dark.replace("}", ", \"recovery\": true}");
    assertThat(cause(back, other.formatted("04"))).as("a recovery").isEmpty();
    assertThat(cause(dark, back, other.formatted("04"))).as("and what was before it").isEmpty();
    assertThat(cause(dark, back)).as("is told of itself").contains("dark");
    assertThat(cause(dark.replace("dark", "dark again"), other.formatted("04")))
        .as("by no words")
        .contains("dark again");
    assertThat(cause(other.formatted("00"))).isEmpty();
    assertThat(cause(other.formatted("00"), "{\"cause\": \"dark\"}")).contains("dark");
  }

  @Test
  void aPodOutsideOfKubernetesIsKnownByItsContainer() {
    BondEntry entry = state(Answers.healthy("0123abcd")).bonds().getFirst();
    assertThat(entry.namespace()).isEmpty();
    assertThat(entry.pod()).isEqualTo("0123abcd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"bond\": \"b\"} | HEALTHY",
        "{\"bond\": \"b\", \"healthy\": true, \"carrier\": true} | HEALTHY",
        "{\"bond\": \"b\", \"healthy\": false} | DEGRADED",
        "{\"bond\": \"b\", \"problems\": [\"x\"]} | DEGRADED",
        "{\"bond\": \"b\", \"healthy\": false, \"carrier\": false} | DOWN",
        "{\"ifname\": \"b\", \"health\": \"Exhausted\", \"healthy\": false} | DEGRADED",
        "{\"bond\": \"b\", \"health\": \"Down\", \"healthy\": true} | DOWN",
      })
  void anAgentOfAnotherReleaseMaySayLess(String bond, BondHealth health) {
    NodeState state = state(Answers.json(bond));
    assertThat(state.bonds())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.bond()).isEqualTo("b");
          assertThat(entry.health()).isEqualTo(health);
        });
  }

  /// Links that a pod has put into its bond make no room for those that were asked for.
  @Test
  void onlyMembersThatWereAskedForAreListedAndCounted() {
    JsonObject bond =
        Answers.json(
            """
            {"bond": "b", "configured": 3, "members": [
              {"name": "x1", "mii": "up"}, {"name": "x2", "mii": "up"}, {"name": "x3", "mii": "up"},
              {"name": "net1", "mii": "up", "pci": "0000:3b:02.0"}, {"name": "net2", "mii": "missing"}]}
            """);
    BondEntry entry = state(bond).bonds().getFirst();
    assertThat(entry.members()).extracting(MemberEntry::name).containsExactly("x1", "net1", "net2");
    assertThat(entry.up()).isEqualTo(2);
  }

  /// The bond passes traffic, and has one path fewer, whatever the link says.
  @Test
  void aMemberThatTheAgentHoldsBackIsNotAmongThoseThatAreUp() {
    JsonObject bond =
        Answers.json(
            """
            {"bond": "b", "configured": 2, "health": "Degraded", "carrier": true, "members": [
              {"name": "net1", "mii": "held", "pci": "0000:3b:02.0", "heldBack": "no partner"},
              {"name": "net2", "mii": "up", "pci": "0000:3b:10.0"}]}
            """);
    BondEntry entry = state(bond).bonds().getFirst();
    assertThat(entry.health()).isEqualTo(BondHealth.DEGRADED);
    assertThat(entry.up()).isEqualTo(1);
    assertThat(entry.members())
        .extracting(MemberEntry::state)
        .containsExactly(MemberEntry.State.HELD, MemberEntry.State.UP);
  }

  @Test
  void theWorstAreKeptAndTheOthersCounted() {
    List<JsonObject> bonds = new ArrayList<>();
    IntStream.range(0, 600).forEach(i -> bonds.add(Answers.healthy("demo/p%03d".formatted(i))));
    bonds.add(Answers.degraded());
    bonds.add(Answers.healthy("demo/zz").with("health", new JsonString("Down")));
    NodeState state = state(bonds.toArray(JsonObject[]::new));

    assertThat(state.summary()).isEqualTo(new NodeState.Summary(602, 600, 1, 1, 1));
    assertThat(state.bonds()).hasSize(512);
    assertThat(state.bonds().subList(0, 3))
        .extracting(BondEntry::pod)
        .containsExactly("zz", "web-0", "p000");
    assertThat(state.omitted()).isEqualTo(90);
  }

  @Test
  void whatTheAgentLeftOutIsCountedToo() {
    JsonObject answer =
        Answers.of(Answers.degraded(), JsonObject.of()).with("omitted", JsonNumber.of(3));
    NodeState state = NodeStateCollector.collect("", NodeState.NONE, answer);
    assertThat(state.omitted()).isEqualTo(4);
    assertThat(state.summary().bonds()).isEqualTo(1);
  }

  @Test
  void ofManyProblemsTheFirstAreTold() {
    JsonObject bond =
        Answers.degraded()
            .with("problems", JsonArray.ofStrings(Collections.nCopies(9, "x".repeat(300))));
    List<String> problems = state(bond).bonds().getFirst().problems();
    assertThat(problems).hasSize(4).last().isEqualTo("and 6 more");
    assertThat(problems.getFirst()).hasSize(256).endsWith("x...");
  }

  /// The next agent knows only what it has seen.
  @Test
  void anAgentThatStartsAnewForgetsNoStory() {
    NodeState before = state(Answers.degraded());
    JsonObject after =
        Answers.degraded()
            .with("transitions", JsonArray.of())
            .with("since", new JsonString("2026-12-01T00:00:00Z"));
    assertThat(NodeStateCollector.collect("0.1.0", before, Answers.of(after))).isEqualTo(before);
  }

  @Test
  void whatHasChangedMeanwhileHasANewStory() {
    NodeState before = state(Answers.degraded());
    JsonObject after =
        Answers.degraded()
            .with("transitions", JsonArray.of())
            .with("active", new JsonString("net1"))
            .with("since", new JsonString("2026-12-01T00:00:00Z"));
    BondEntry entry =
        NodeStateCollector.collect("0.1.0", before, Answers.of(after)).bonds().getFirst();
    assertThat(entry.since()).contains(Instant.parse("2026-12-01T00:00:00Z"));
    assertThat(entry.cause()).isEmpty();
  }

  @Test
  void aTimeThatNoApiServerTakesIsLeftOut() {
    for (String since : List.of("+12345-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "yesterday")) {
      assertThat(state(Answers.degraded().with("since", new JsonString(since))).bonds())
          .singleElement()
          .extracting(BondEntry::since)
          .isEqualTo(Optional.empty());
    }
  }

  /// Whatever comes in: it fits, commands no terminal, reads back as what it was, and is the same
  /// in whatever order the bonds come.
  @Test
  void whateverComesInHasItsLimits() throws JsonException {
    Long only = Long.getLong("podbond.seed");
    long start = only == null ? System.nanoTime() : only;
    for (long seed = start; seed < start + (only == null ? RUNS : 1); seed++) {
      Random random = new Random(seed);
      List<JsonObject> bonds = new ArrayList<>();
      for (int i = random.nextInt(random.nextInt(20) == 0 ? 900 : 20); i > 0; i--) {
        bonds.add(Answers.anything(random));
      }
      NodeState state = state(bonds.toArray(JsonObject[]::new));
      String text = state.toJson().toString();

      String fails = "-Dpodbond.seed=" + seed;
      assertThat(text.getBytes(StandardCharsets.UTF_8).length).as(fails).isLessThan(1 << 20);
      assertThat(unshown(state.toJson())).as(fails).isEmpty();
      assertThat(state.pfs()).as(fails).hasSizeLessThanOrEqualTo(64);
      assertThat(state.summary().bonds() + unnamed(bonds))
          .as(fails)
          .isEqualTo(state.bonds().size() + state.omitted());
      assertThat(NodeState.of(Json.parseObject(text)).equals(state)).as(fails).isTrue();

      Collections.shuffle(bonds, random);
      assertThat(state(bonds.toArray(JsonObject[]::new)).toJson().toString().equals(text))
          .as(fails)
          .isTrue();
    }
  }

  /// The texts in it that have characters without a shape.
  private static List<String> unshown(JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> Printable.line(text).equals(text) ? List.of() : List.of(text);
      case JsonArray array -> array.stream().flatMap(some -> unshown(some).stream()).toList();
      case JsonObject object ->
          object.members().values().stream().flatMap(some -> unshown(some).stream()).toList();
      default -> List.of();
    };
  }

  private static int unnamed(List<JsonObject> bonds) {
    return (int) bonds.stream().filter(bond -> AgentBond.of(bond).isEmpty()).count();
  }

  /// Bonds of the longest names: they do not fit all, though they are few enough.
  @Test
  void bondsOfTheLongestNamesAreLeftOutRatherThanTheObjectTooLarge() {
    List<JsonObject> bonds = new ArrayList<>();
    String longest = "\"".repeat(400);
    for (int i = 0; i < 512; i++) {
      bonds.add(
          Answers.degraded()
              .with("pod", new JsonString(longest + "/" + i + longest))
              .with("network", new JsonString(longest))
              .with("problems", JsonArray.ofStrings(Collections.nCopies(4, longest))));
    }
    NodeState state = state(bonds.toArray(JsonObject[]::new));
    assertThat(state.omitted()).isPositive();
    assertThat(state.toJson().toString().length()).isBetween(700 * 1024, 1 << 20);
  }
}
