package dev.podbond.cluster.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.PublishedUplinks;
import dev.podbond.bonding.uplink.PublishedUplinks.Content;
import dev.podbond.bonding.uplink.PublishedUplinks.Part;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which UplinkMonitor a node follows, what it then reads, and what the monitors' statuses say.
final class FollowedMonitorsTest {
  private static final String NOW = "2026-11-30T12:00:00Z";
  private static final Map<String, Map<String, String>> NODES =
      Map.of("n1", Map.of("rack", "a"), "n2", Map.of("rack", "b"), "n3", Map.of());

  private static JsonObject json(String text) {
    try {
      return Json.parseObject(text.replace('\'', '"'));
    } catch (JsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /// @param second of its creation
  private static JsonObject manifest(String name, int second, String spec) {
    return json(
        "{'metadata':{'name':'%s','uid':'u-%1$s','generation':3,'creationTimestamp':'2026-11-30T11:00:%02dZ'},'spec':{%s}}"
            .formatted(name, second, spec));
  }

  private static UplinkMonitor monitor(String name, int second, String spec) {
    return UplinkMonitor.of(manifest(name, second, spec));
  }

  private static Optional<Part> read(FollowedMonitors followed, String node) throws Exception {
    return PublishedUplinks.of(
        followed.published().json().toString().getBytes(StandardCharsets.UTF_8), node);
  }

  private static JsonObject status(FollowedMonitors followed, String monitor) {
    return UplinkMonitorStatus.of(
        followed.shares().stream()
            .filter(share -> share.monitor().name().equals(monitor))
            .findFirst()
            .orElseThrow(),
        followed.published(),
        JsonObject.of(),
        NOW);
  }

  private static String condition(JsonObject status, String type) {
    JsonObject condition =
        LenientObject.objects(status, "conditions").stream()
            .filter(one -> LenientObject.text(one, "type").equals(Optional.of(type)))
            .findFirst()
            .orElseThrow();
    return Stream.of("status", "reason", "message")
        .map(key -> LenientObject.text(condition, key).orElseThrow())
        .reduce((first, second) -> first + " " + second)
        .orElseThrow();
  }

  @Test
  void theOlderOneWinsAndTheYoungerOneSaysSo() throws Exception {
    FollowedMonitors followed =
        FollowedMonitors.of(
            List.of(
                monitor("all", 2, "'action':'off'"),
                monitor("racks", 1, "'nodeSelector':{'rack':'a'},'action':'demote'")),
            NODES);
    assertThat(read(followed, "n1"))
        .contains(
            new Part("racks", List.of("n1"), new Content.Settings(json("{'action':'demote'}"))));
    assertThat(read(followed, "n2")).map(Part::monitor).contains("all");
    assertThat(read(followed, "n4")).isEmpty();

    JsonObject racks = status(followed, "racks");
    assertThat(racks.get("nodes")).contains(JsonNumber.of(1));
    assertThat(condition(racks, "Ready")).isEqualTo("True Published 1 node can read its settings");
    assertThat(condition(racks, "Degraded")).startsWith("False AsExpected ");
    JsonObject all = status(followed, "all");
    assertThat(all.get("nodes")).contains(JsonNumber.of(2));
    assertThat(condition(all, "Ready")).isEqualTo("True Published 2 nodes can read its settings");
    assertThat(condition(all, "Degraded"))
        .isEqualTo(
            "True Overlap of the nodes that it selects 1 follow an older UplinkMonitor: n1 follows"
                + " racks");
  }

  @Test
  void ofTwoOfOneSecondTheNameDecides() throws Exception {
    for (List<String> order : List.of(List.of("a", "b"), List.of("b", "a"))) {
      FollowedMonitors followed =
          FollowedMonitors.of(order.stream().map(name -> monitor(name, 1, "")).toList(), NODES);
      assertThat(read(followed, "n1")).map(Part::monitor).contains("a");
      assertThat(status(followed, "b").get("nodes")).contains(JsonNumber.of(0));
    }
  }

  @Test
  void aStatusNamesTenNodesAndNoMore() {
    Map<String, Map<String, String>> many = new HashMap<>();
    for (int i = 100; i < 200; i++) {
      many.put("n" + i, Map.of());
    }
    FollowedMonitors followed =
        FollowedMonitors.of(List.of(monitor("a", 1, ""), monitor("b", 2, "")), many);
    assertThat(condition(status(followed, "b"), "Degraded"))
        .contains("100 follow an older UplinkMonitor: n100 follows a, n101 follows a")
        .endsWith("n109 follows a and 90 more");
  }

  /// The file of a node that is broken leaves what was set before, and so does this.
  @Test
  void aMonitorThatCannotBeUsedKeepsItsNodesAndSaysWhy() throws Exception {
    FollowedMonitors followed =
        FollowedMonitors.of(
            List.of(
                monitor("broken", 1, "'probe':{'targets':[{'address':'1.2.3'}]}"),
                monitor("all", 2, "")),
            NODES);
    assertThat(read(followed, "n1"))
        .map(Part::content)
        .contains(
            new Content.Unusable(
                "probe.targets[0].address is \"1.2.3\": it must be an IP address without a"
                    + " prefix"));
    assertThat(condition(status(followed, "broken"), "Ready"))
        .startsWith("False InvalidSettings probe.targets[0].address is \"1.2.3\"")
        .endsWith("; nodes that follow it keep the settings that they have");
    assertThat(status(followed, "broken").get("nodes")).contains(JsonNumber.of(3));
  }

  /// Nobody knows which nodes it is for.
  @Test
  void aMonitorThatWasNotReadHasNoNodes() throws Exception {
    FollowedMonitors followed =
        FollowedMonitors.of(
            List.of(
                UplinkMonitor.unread(manifest("huge", 1, ""), "its spec is not read: it is long"),
                monitor("all", 2, "")),
            NODES);
    assertThat(read(followed, "n1")).map(Part::monitor).contains("all");
    assertThat(condition(status(followed, "huge"), "Ready"))
        .startsWith("False InvalidSettings its spec is not read");
  }

  @Test
  void whatHasNoRoomIsSaid() {
    Map<String, Map<String, String>> many = new HashMap<>();
    for (int i = 0; i < 6_000; i++) {
      many.put("n".repeat(200) + i, Map.of("half", i % 2 == 0 ? "a" : "b"));
    }
    FollowedMonitors followed =
        FollowedMonitors.of(
            List.of(
                monitor("a", 1, "'nodeSelector':{'half':'a'}"),
                monitor("b", 2, "'nodeSelector':{'half':'b'}")),
            many);
    assertThat(condition(status(followed, "a"), "Ready")).startsWith("False NoRoom all that");
    assertThat(status(followed, "a").get("nodes")).contains(JsonNumber.of(0));
    assertThat(followed.published().parts()).isEmpty();
  }

  @Test
  void aConditionThatDoesNotChangeKeepsItsTime() {
    FollowedMonitors followed = FollowedMonitors.of(List.of(monitor("all", 1, "")), NODES);
    JsonObject first = status(followed, "all");
    assertThat(
            UplinkMonitorStatus.of(
                followed.shares().getFirst(), followed.published(), first, "2026-11-30T13:00:00Z"))
        .isEqualTo(first);
    FollowedMonitors both =
        FollowedMonitors.of(List.of(monitor("first", 0, ""), monitor("all", 1, "")), NODES);
    JsonObject later =
        UplinkMonitorStatus.of(
            both.shares().getLast(), both.published(), first, "2026-11-30T13:00:00Z");
    assertThat(LenientObject.objects(later, "conditions"))
        .extracting(condition -> LenientObject.text(condition, "lastTransitionTime").orElseThrow())
        .containsExactly(NOW, "2026-11-30T13:00:00Z");
  }

  /// Whatever monitors and nodes there are, a node reads what the oldest one that selects it says,
  /// as the parser of its own file has it.
  @Test
  void everyNodeReadsWhatItsMonitorSays() throws Exception {
    for (long seed : seeds()) {
      Random random = new Random(seed);
      Map<String, Map<String, String>> nodes = new HashMap<>();
      for (int i = 0; i < 12; i++) {
        nodes.put("n" + i, labels(random, 3));
      }
      List<JsonObject> manifests = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        manifests.add(
            manifest("m" + i, random.nextInt(3), "")
                .with("spec", settings(random).with("nodeSelector", selector(labels(random, 2)))));
      }
      Collections.shuffle(manifests, random);
      FollowedMonitors followed =
          FollowedMonitors.of(manifests.stream().map(UplinkMonitor::of).toList(), nodes);

      for (Map.Entry<String, Map<String, String>> node : nodes.entrySet()) {
        Optional<JsonObject> wanted =
            manifests.stream()
                .filter(manifest -> selects(manifest, node.getValue()))
                .min(Comparator.comparing(FollowedMonitorsTest::age));
        Optional<Part> read = read(followed, node.getKey());
        assertThat(read.map(Part::monitor))
            .as("seed %d, %s", seed, node)
            .isEqualTo(wanted.map(FollowedMonitorsTest::name));
        if (wanted.isPresent()) {
          Content content = read.orElseThrow().content();
          assertThat(content).as("seed %d, %s", seed, node).isInstanceOf(Content.Settings.class);
          assertThat(UplinkSettings.parse(((Content.Settings) content).settings()))
              .as("seed %d, %s", seed, node)
              .isEqualTo(
                  UplinkSettings.parse(
                      LenientObject.object(wanted.get(), "spec").without("nodeSelector")));
        }
      }
      assertThat(followed.shares().stream().flatMap(share -> share.nodes().stream()))
          .as("seed %d", seed)
          .doesNotHaveDuplicates();
    }
  }

  private static long[] seeds() {
    Long only = Long.getLong("podbond.seed");
    return only != null ? new long[] {only} : new Random(1).longs(100).toArray();
  }

  private static Map<String, String> labels(Random random, int most) {
    Map<String, String> labels = new HashMap<>();
    for (int i = random.nextInt(most); i > 0; i--) {
      labels.put("l" + random.nextInt(3), "v" + random.nextInt(2));
    }
    return labels;
  }

  private static JsonObject selector(Map<String, String> labels) {
    JsonObject.Builder selector = JsonObject.builder();
    labels.forEach(selector::put);
    return selector.build();
  }

  private static boolean selects(JsonObject manifest, Map<String, String> labels) {
    return LenientObject.object(LenientObject.object(manifest, "spec"), "nodeSelector")
        .members()
        .entrySet()
        .stream()
        .allMatch(wanted -> wanted.getValue().equals(value(labels.get(wanted.getKey()))));
  }

  private static JsonValue value(@org.jspecify.annotations.Nullable String label) {
    return label == null ? JsonObject.of() : new JsonString(label);
  }

  private static String name(JsonObject manifest) {
    return LenientObject.text(LenientObject.object(manifest, "metadata"), "name").orElseThrow();
  }

  private static String age(JsonObject manifest) {
    return LenientObject.text(LenientObject.object(manifest, "metadata"), "creationTimestamp")
            .orElseThrow()
        + name(manifest);
  }

  /// Some members, in any order, all of them right.
  private static JsonObject settings(Random random) {
    List<JsonObject> members =
        new ArrayList<>(
            List.of(
                json("{'action':'demote'}"),
                json("{'signals':['lacp','probe']}"),
                JsonObject.of("downAfter", JsonNumber.of(1 + random.nextInt(30))),
                JsonObject.of("upAfter", JsonNumber.of(1 + random.nextInt(3_600))),
                JsonObject.of("holdDownSeconds", JsonNumber.of(1 + random.nextInt(700))),
                JsonObject.of("longestHoldDownSeconds", JsonNumber.of(86_400)),
                json("{'storm':{'percent':" + (1 + random.nextInt(100)) + "}}")));
    Collections.shuffle(members, random);
    JsonObject.Builder settings =
        JsonObject.builder()
            .put(
                "probe",
                JsonObject.of(
                    "targets",
                    JsonArray.of(
                        json("{'address':'192.0.2.1','vlan':" + (1 + random.nextInt(4094)) + "}"),
                        json("{'address':'2001:db8::1'}"))));
    members.subList(0, random.nextInt(members.size())).forEach(settings::putAll);
    return settings.build();
  }
}
