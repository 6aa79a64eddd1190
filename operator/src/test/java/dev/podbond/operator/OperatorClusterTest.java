package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.cluster.bond.BondAdmission;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The operator with a real API server: the chart's own objects and rights, the kinds of Multus and
/// of the SR-IOV Network Operator as published by these projects, webhooks over TLS.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OperatorClusterTest {
  private static final Path EXAMPLES = Path.of("../examples");
  private static final String CHART = "../packaging/chart";
  private static final int WEBHOOK = TestCluster.freePort();
  private static final String BOND = "bondnetwork storage -n demo";
  private static final Map<String, String> RENDERING = Map.of("PODBOND_RENDER_NETWORKS", "true");
  private static final String THREE_NETWORKS =
      "demo/sriovnet1@storage-1, demo/sriovnet2@storage-2, demo/storage@storage";
  private static final String READY =
      "{.status.conditions[?(@.type==\"Ready\")].status}"
          + " {.status.conditions[?(@.type==\"Ready\")].reason}";
  private static final String DEGRADED =
      "{.status.conditions[?(@.type==\"Degraded\")].status}"
          + " {.status.conditions[?(@.type==\"Degraded\")].reason}";

  @TempDir static Path directory;
  private static TestCluster cluster;
  private static TestCluster.OperatorProcess operator;

  @BeforeAll
  static void install() throws IOException {
    cluster = new TestCluster(directory);
    cluster.install("standalone.renderNetworks=true", "webhook.url=https://localhost:" + WEBHOOK);
    operator = cluster.operator("first", WEBHOOK, TestCluster.freePort(), RENDERING);
    cluster.apply(resource("/nodes.yaml"));
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void takesTheExampleToAPodWithThreeNetworksAndTwoDevices() {
    TestCluster.Output applied =
        cluster.kubectl("apply", "-f", EXAMPLES.resolve("bondnetwork").toString());

    assertThat(applied.status()).as(applied.text()).isZero();
    assertThat(cluster.await(BOND, READY, "True BondReady"::equals)).isNotEmpty();
    assertThat(cluster.await(BOND, DEGRADED, "False AsExpected"::equals)).isNotEmpty();
    assertThat(cluster.await(BOND, "{.status.podsLeft}", "12"::equals)).isEqualTo("12");
    assertThat(networksOfThePod()).isEqualTo(THREE_NETWORKS);
    String requests =
        cluster.await(
            "pod storage-client -n demo",
            "{.spec.containers[0].resources.requests}",
            text -> !text.isEmpty());
    assertThat(requests)
        .contains("\"openshift.io/sriov_pf0\":\"1\"", "\"openshift.io/sriov_pf1\":\"1\"");
    assertThat(cluster.kubectl("describe", "bondnetwork", "storage", "-n", "demo").text())
        .contains("BondReady", "2 nodes can serve the bond");
  }

  @Test
  @Order(1)
  void runsAsTheChartHasIt() throws IOException {
    String status = Files.readString(Path.of("/proc/" + operator.process().pid() + "/status"));

    assertThat(status)
        .containsPattern("(?m)^Uid:\\s+65532\\s")
        .containsPattern("(?m)^CapPrm:\\s+0+$")
        .containsPattern("(?m)^NoNewPrivs:\\s+1$");
    assertThat(Files.readString(Path.of("/proc/" + operator.process().pid() + "/mountinfo")))
        .containsPattern("(?m) / ro[, ]");
  }

  /// After a reboot the pod's sandbox is created from the annotation.
  @Test
  @Order(2)
  void keepsTheThreeNetworksOfAPodThatIsAppliedAgain() {
    TestCluster.Output applied =
        cluster.kubectl("apply", "-f", EXAMPLES.resolve("bondnetwork/40-pod.yaml").toString());

    assertThat(applied.status()).as(applied.text()).isZero();
    assertThat(networksOfThePod()).isEqualTo(THREE_NETWORKS);
  }

  private static String networksOfThePod() {
    return cluster.await(
        "pod storage-client -n demo",
        "{.metadata.annotations.k8s\\.v1\\.cni\\.cncf\\.io/networks}",
        text -> !text.isEmpty());
  }

  @Test
  @Order(2)
  void rendersWhatThePluginTakes() throws Exception {
    String config =
        cluster.await(
            "network-attachment-definition storage -n demo", "{.spec.config}", s -> !s.isEmpty());

    BondConfig bond = BondConfig.parse(Json.parseObject(config), Optional.empty());

    assertThat(bond.mtuBytes()).hasValue(9000);
    assertThat(bond.members()).hasSize(2);
  }

  @Test
  @Order(2)
  void refusesEveryWrongExampleInTheWordsOfThePlugin() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES.resolve("wrong"))) {
      List<Path> wrong = files.sorted().toList();
      assertThat(wrong).hasSize(16);
      for (Path file : wrong) {
        Map<?, ?> yaml = new KubernetesSerialization().unmarshal(Files.readString(file), Map.class);
        String words =
            BondAdmission.refusal(BondNetwork.of(Resources.json(yaml)), BondRules.DEFAULT)
                .orElseThrow();
        TestCluster.Output applied = cluster.kubectl("apply", "-f", file.toString());
        assertThat(applied.status()).as(file + ": " + applied.text()).isNotZero();
        assertThat(applied.text()).contains(words);
      }
    }
  }

  @Test
  @Order(2)
  void rendersChainAndVlansAsNetworksOfTheirOwnAndTakesAVlanAwayThatLeaves() throws Exception {
    TestCluster.Output applied =
        cluster.kubectl("apply", "-f", EXAMPLES.resolve("bondnetwork-vlans").toString());
    assertThat(applied.status()).as(applied.text()).isZero();
    String bond =
        cluster.await(
            "network-attachment-definition trunk -n demo", "{.spec.config}", s -> !s.isEmpty());
    JsonObject list = Json.parseObject(bond);
    assertThat(LenientObject.objects(list, "plugins"))
        .extracting(plugin -> LenientObject.text(plugin, "type").orElse(""))
        .containsExactly("podbond", "tuning");
    JsonObject vlan =
        Json.parseObject(
            cluster.await(
                "network-attachment-definition trunk-v100 -n demo",
                "{.spec.config}",
                s -> !s.isEmpty()));
    JsonObject plugin = LenientObject.objects(vlan, "plugins").getFirst();
    assertThat(
            VlanConfig.parse(plugin.with("name", vlan.get("name").orElseThrow()), Optional.empty()))
        .isEqualTo(new VlanConfig("trunk-v100", "trunk", 100, OptionalInt.of(1500), false));
    assertThat(
            cluster.await(
                "pod trunk-client -n demo",
                "{.metadata.annotations.k8s\\.v1\\.cni\\.cncf\\.io/networks}",
                text -> !text.isEmpty()))
        .isEqualTo(
            "demo/sriovnet1@trunk-1, demo/sriovnet2@trunk-2, demo/trunk@trunk,"
                + " demo/trunk-v100@trunk-v100, demo/trunk-v200@backup");
    cluster.await(
        "bondnetwork trunk -n demo",
        "{.status.vlans[*].networkAttachment}",
        "demo/trunk-v100 demo/trunk-v200"::equals);

    cluster.kubectl(
        "patch",
        "bondnetwork",
        "trunk",
        "-n",
        "demo",
        "--type=merge",
        "-p={\"spec\": {\"vlans\": [{\"id\": 200}]}}");

    cluster.await(
        "network-attachment-definitions -n demo",
        "{range .items[*]}{.metadata.name} {end}",
        names -> !names.contains("trunk-v100") && names.contains("trunk-v200"));
    cluster.kubectl("delete", "pod", "trunk-client", "-n", "demo", "--force");
    cluster.kubectl("delete", "bondnetwork", "trunk", "-n", "demo");
  }

  @Test
  @Order(3)
  void namesWhatStandsAgainstTheBondAndTakesItBack() {
    patchNetwork("{\"linkState\": \"enable\"}");
    cluster.await(BOND, DEGRADED, "True LinkStateFixed"::equals);
    patchNetwork("{\"linkState\": \"disable\"}");
    cluster.await(BOND, READY, "False LinkStateDisabled"::equals);
    assertThat(refusedPod()).contains("linkState disable");
    patchNetwork("{\"linkState\": \"auto\", \"vlan\": 7}");
    cluster.await(BOND, READY, "True BondReady"::equals);
    cluster.await(BOND, DEGRADED, "True VlanMismatch"::equals);
    patchNetwork("{\"vlan\": 0, \"resourceName\": \"sriov_pf0\"}");
    cluster.await(BOND, READY, "False SamePF"::equals);
    assertThat(refusedPod()).contains("both can come from one PF");
    patchNetwork("{\"resourceName\": \"nothing\"}");
    cluster.await(BOND, READY, "False PolicyNotFound"::equals);
    patchNetwork("{\"resourceName\": \"sriov_pf1\"}");
    cluster.await(BOND, DEGRADED, "False AsExpected"::equals);
    cluster.kubectl(
        "patch",
        "bondnetwork",
        "storage",
        "-n",
        "demo",
        "--type=merge",
        "-p={\"spec\": {\"mode\": \"balance-xor\"}}");
    cluster.await(BOND, READY, "False TrustMissing"::equals);
    cluster.kubectl(
        "patch",
        "bondnetwork",
        "storage",
        "-n",
        "demo",
        "--type=merge",
        "-p={\"spec\": {\"mode\": \"active-backup\"}}");
    cluster.await(BOND, DEGRADED, "False AsExpected"::equals);
  }

  @Test
  @Order(4)
  void refusesANetworkAttachmentThatThePluginWouldRefuse() {
    TestCluster.Output applied =
        cluster.tryApply(
            """
            apiVersion: k8s.cni.cncf.io/v1
            kind: NetworkAttachmentDefinition
            metadata: {name: by-hand, namespace: demo}
            spec: {config: '{"type": "bond", "mode": "active-backup", "links": [{"name": "net1"}]}'}
            """);

    assertThat(applied.status()).isNotZero();
    assertThat(applied.text()).contains("links has 1 entry: a bond takes 2 to 16 members");
  }

  @Test
  @Order(5)
  void takesBackWhatOthersWriteToItsNetworkAttachment() {
    cluster.kubectl(
        "annotate", "network-attachment-definition", "storage", "-n", "demo", "mine=kept");
    cluster.kubectl(
        "patch",
        "network-attachment-definition",
        "storage",
        "-n",
        "demo",
        "--type=merge",
        "-p={\"spec\": {\"config\": \"{}\"}}");

    cluster.await(
        "network-attachment-definition storage -n demo",
        "{.spec.config}{.metadata.annotations.mine}",
        text -> text.contains("\"mtu\":9000") && text.endsWith("kept"));
  }

  @Test
  @Order(6)
  void aDeadOperatorStopsOnlyPodsThatAskForNetworksWhereThereAreBonds() throws Exception {
    operator.kill();

    cluster.apply(pod("plain", "demo", ""));
    cluster.kubectl("create", "namespace", "elsewhere");
    cluster.apply(pod("other", "elsewhere", "some-network"));
    assertThat(cluster.tryApply(pod("bonded", "demo", "storage")).text())
        .contains("failed calling webhook");
    patchNetwork("{\"linkState\": \"enable\"}");

    operator = cluster.operator("second", WEBHOOK, TestCluster.freePort(), RENDERING);
    cluster.await(BOND, DEGRADED, "True LinkStateFixed"::equals);
    patchNetwork("{\"linkState\": \"auto\"}");
    cluster.await(BOND, DEGRADED, "False AsExpected"::equals);
  }

  @Test
  @Order(7)
  void anotherReplicaLeadsWhenTheLeaderIsLost() throws Exception {
    TestCluster.OperatorProcess other =
        cluster.operator("third", TestCluster.freePort(), TestCluster.freePort(), RENDERING);
    operator.kill();

    patchNetwork("{\"linkState\": \"enable\"}");
    cluster.await(BOND, DEGRADED, "True LinkStateFixed"::equals);
    assertThat(other.process().isAlive()).isTrue();
  }

  private static String refusedPod() {
    TestCluster.Output output = cluster.tryApply(pod("refused", "demo", "storage"));
    assertThat(output.status()).as(output.text()).isNotZero();
    return output.text();
  }

  private static String pod(String name, String namespace, String networks) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      namespace: %s
      annotations: {%s}
    spec:
      containers: [{name: main, image: "registry.k8s.io/pause:3.10"}]
    """
        .formatted(
            name, namespace, networks.isEmpty() ? "" : "k8s.v1.cni.cncf.io/networks: " + networks);
  }

  private static void patchNetwork(String spec) {
    TestCluster.Output output =
        cluster.kubectl(
            "patch",
            "sriovnetwork",
            "sriovnet2",
            "-n",
            "openshift-sriov-network-operator",
            "--type=merge",
            "-p={\"spec\": " + spec + "}");
    assertThat(output.status()).as(output.text()).isZero();
  }

  private static String resource(String name) throws IOException {
    try (var in = OperatorClusterTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
