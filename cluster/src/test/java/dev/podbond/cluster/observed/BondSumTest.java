package dev.podbond.cluster.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.RecordedConfig;
import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.nodestate.NodeState;
import dev.podbond.cluster.nodestate.NodeStateCollector;
import dev.podbond.cluster.observed.Reports.Shape;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BondSumTest {
  private static final String NETWORK = "demo/storage";

  @Test
  void countsEachPodOnceAndNamesTheWorstFirst() {
    NodeReport report =
        Reports.of(
            true,
            Reports.bond("a", Shape.BOTH_UP, ""),
            Reports.bond("b", Shape.FIRST_DOWN, "no carrier"),
            Reports.bond("c", Shape.NONE_UP, "no carrier at all"));
    List<BondedPod> pods =
        List.of(
            Reports.pod("a"),
            Reports.pod("b"),
            Reports.pod("c"),
            Reports.pod("d"),
            elsewhere("e", "n2"));

    BondSum sum = BondSum.of(NETWORK, pods, node -> known(Map.of("n1", report), node));

    assertThat(sum.json())
        .isEqualTo(
            Reports.json(
                """
                {"total": 5, "healthy": 1, "degraded": 1, "down": 1, "unknown": 2, "worst": [
                 "demo/c storage: Down, no carrier at all",
                 "demo/b storage: Degraded, no carrier",
                 "demo/d storage: Unknown, node n1 does not report it",
                 "demo/e storage: Unknown, node n2 is silent"]}
                """));
  }

  /// A node says something only about its own pods.
  @Test
  void aNodeCannotSpeakForPodsOfAnother() {
    NodeReport liar = Reports.of(true, Reports.bond("a", Shape.NONE_UP, ""));

    BondSum sum =
        BondSum.of(NETWORK, List.of(elsewhere("a", "n2")), node -> known(Map.of("n1", liar), node));

    assertThat(sum.down()).isZero();
    assertThat(sum.unknown()).isEqualTo(1);
  }

  /// Whose agent does not tell UIDs, of that the name must do.
  @Test
  void aPodThatWasMadeAnewIsNotTheEarlierOneOfItsName() {
    String earlier = Reports.bond("a", Shape.NONE_UP, "").replace("uid-a", "uid-earlier");
    String unknown = Reports.bond("a", Shape.NONE_UP, "").replace("\"uid-a\"", "\"\"");

    BondSum anew =
        BondSum.of(NETWORK, List.of(Reports.pod("a")), _ -> Optional.of(Reports.of(true, earlier)));
    BondSum byName =
        BondSum.of(NETWORK, List.of(Reports.pod("a")), _ -> Optional.of(Reports.of(true, unknown)));

    assertThat(anew.unknown()).isEqualTo(1);
    assertThat(anew.worst()).containsExactly("demo/a storage: Unknown, node n1 does not report it");
    assertThat(byName.down()).isEqualTo(1);
  }

  @Test
  void aBondWithoutANameInTheAnnotationIsFoundByItsNetwork() {
    BondedPod pod =
        new BondedPod("demo", "a", "uid-a", "n1", List.of(new BondUse(NETWORK, "")), 1, List.of());
    NodeReport report = Reports.of(true, Reports.bond("a", Shape.BOTH_UP, ""));

    assertThat(BondSum.of(NETWORK, List.of(pod), _ -> Optional.of(report)).healthy()).isEqualTo(1);
  }

  /// From the configuration that the operator renders and the record that the plugin makes of it to
  /// what the node's agent and reporter say. A bond of a network of that name in another namespace,
  /// which the same pod may have, is not this one.
  @Test
  void aBondIsOneOfTheBondNetworkThatItsConfigurationWasRenderedFrom() throws Exception {
    BondNetwork storage =
        BondNetwork.of(
            Reports.json(
                """
                {"metadata": {"namespace": "demo", "name": "storage"},
                 "spec": {"mode": "active-backup", "bondNetwork": "other/storage",
                          "members": [{"sriovNetwork": "a"}, {"sriovNetwork": "b"}]}}
                """));
    JsonObject rendered = BondAttachment.configs(storage, "podbond").getFirst();
    JsonObject byHand = Json.parseObject("{\"name\": \"storage\", \"type\": \"podbond\"}");
    JsonObject answer =
        Reports.json(
            """
            {"bonds": [
             {"pod": "demo/a", "bond": "bond0", "network": "%s", "health": "Down"},
             {"pod": "demo/a", "bond": "bond1", "network": "%s", "health": "Healthy"}]}
            """
                .formatted(shownNetwork(byHand), shownNetwork(rendered)));
    NodeReport report =
        NodeReport.of("n1", NodeStateCollector.collect("1", NodeState.NONE, answer).toJson());
    BondedPod pod =
        new BondedPod("demo", "a", "uid-a", "n1", List.of(new BondUse(NETWORK, "")), 0, List.of());

    BondSum sum = BondSum.of(NETWORK, List.of(pod), _ -> Optional.of(report));

    assertThat(sum.healthy()).isEqualTo(1);
    assertThat(sum.total()).isEqualTo(1);
  }

  private static String shownNetwork(JsonObject config) throws Exception {
    Attachment record =
        Attachment.prepared(
            new AttachmentKey("c1", "net1"),
            "storage",
            "bond",
            "/run/netns/c1",
            RecordedConfig.of(config));
    return Attachment.fromJson(record.toJson()).shownNetwork();
  }

  @Test
  void namesAtMostTenInAnyOrderOfPods() {
    List<BondedPod> pods = new ArrayList<>(Reports.pods(200));
    NodeReport report = Reports.dark(200);
    BondSum sum = BondSum.of(NETWORK, pods, _ -> Optional.of(report));

    Collections.shuffle(pods, new Random(1));

    assertThat(sum.worst()).hasSize(BondSum.MAX_WORST);
    assertThat(BondSum.of(NETWORK, pods, _ -> Optional.of(report))).isEqualTo(sum);
    assertThat(sum.degraded()).isEqualTo(200);
  }

  @Test
  void ofAReportOnlyTheCapIsKeptAndOfABondOnlyShortTexts() {
    String[] bonds = new String[600];
    for (int i = 0; i < bonds.length; i++) {
      bonds[i] = Reports.bond("web-" + i, Shape.FIRST_DOWN, "x".repeat(5000));
    }

    NodeReport report = Reports.of(true, bonds);

    assertThat(report.bonds()).hasSize(512);
    assertThat(report.cost()).isLessThan(512 * 1000);
    assertThat(NodeReport.of("n", Reports.json("{\"bonds\": [{}, 3], \"pfs\": \"x\"}")).bonds())
        .hasSize(1);
  }

  private static Optional<NodeReport> known(Map<String, NodeReport> reports, String node) {
    return Optional.ofNullable(reports.get(node));
  }

  private static BondedPod elsewhere(String name, String node) {
    BondedPod pod = Reports.pod(name);
    return new BondedPod("demo", name, pod.uid(), node, pod.uses(), 1, List.of());
  }
}
