package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.PublishedUplinks;
import dev.podbond.bonding.uplink.PublishedUplinks.Content;
import dev.podbond.bonding.uplink.PublishedUplinks.Part;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// UplinkMonitors: which are refused, and what nodes read of those that are not.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class UplinkMonitorClusterTest {
  private static final String ACCOUNT = "--as=system:serviceaccount:podbond:podbond-operator";
  private static final String MAP = "configmap podbond-uplink -n podbond";
  private static final String TEXT = "{.data.uplinks\\.json}";
  private static final int WEBHOOK = TestCluster.freePort();

  @TempDir static Path directory;
  private static TestCluster cluster;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.install("webhook.url=https://localhost:" + WEBHOOK, "uplinkMonitor.enabled=true");
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String monitor(String name, String spec) {
    return "{\"apiVersion\": \"podbond.dev/v1alpha1\", \"kind\": \"UplinkMonitor\", \"metadata\":"
        + " {\"name\": \""
        + name
        + "\"}, \"spec\": {"
        + spec.replace('\'', '"')
        + "}}";
  }

  @ParameterizedTest
  @Order(1)
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'signals': ['probe'] | probe.targets is empty: signals has probe",
        "'signals': ['probe'], 'probe': {'intervalSeconds': 2} | probe.targets is empty",
        "'signals': ['probe'], 'probe': {'targets': []} | probe.targets is empty",
        "'action': 'demote', 'signals': ['carrier'] | action demote or vfLinkState needs lacp",
        "'action': 'vfLinkState', 'signals': ['carrier'] | action demote or vfLinkState needs lacp",
        "'holdDownSeconds': 60, 'longestHoldDownSeconds': 59 | longestHoldDownSeconds must be at"
            + " least holdDownSeconds",
        "'longestHoldDownSeconds': 29 | longestHoldDownSeconds must be at least holdDownSeconds",
        "'action': 'Demote' | supported values: \"off\", \"observe\", \"demote\", \"vfLinkState\"",
        "'signals': ['lldp'] | supported values: \"carrier\", \"lacp\", \"probe\"",
        "'signals': [] | should have at least 1 items",
        "'signals': ['lacp', 'lacp'] | Duplicate value: \"lacp\"",
        "'downAfter': 0 | should be greater than or equal to 1",
        "'downAfter': 31 | should be less than or equal to 30",
        "'downAfter': '3' | must be of type integer",
        "'upAfter': 3601 | should be less than or equal to 3600",
        "'holdDownSeconds': 86401 | should be less than or equal to 86400",
        "'probe': {'intervalSeconds': 61} | should be less than or equal to 60",
        "'probe': {'targets': [{'vlan': 7}]} | spec.probe.targets[0].address: Required value",
        "'probe': {'targets': [{'address': 'gateway'}]} | spec.probe.targets[0].address",
        "'probe': {'targets': [{'address': '192.0.2.1/24'}]} | spec.probe.targets[0].address",
        "'probe': {'targets': [{'address': '192.0.2.1', 'vlan': 4095}]} | less than or equal to"
            + " 4094",
        "'storm': {'percent': 101} | should be less than or equal to 100",
        "'storm': {'windowSeconds': 0} | should be greater than or equal to 1",
        "'storm': {'bondsAtOnce': 1001} | should be less than or equal to 1000",
        "'nodeSelector': {'rack': 7} | must be of type string",
        "'actoin': 'demote' | unknown field \"spec.actoin\""
      })
  void whatIsWrongIsRefused(String spec, String message) {
    TestCluster.Output output = dryRun(monitor("wrong", spec));
    assertThat(output.status()).as(output.text()).isNotZero();
    assertThat(output.text()).contains(message);
  }

  @Test
  @Order(1)
  void listsAndKeysWithoutEndAreRefused() {
    String target = "{'address': '192.0.2.1'}";
    assertThat(
            dryRun(
                    monitor(
                        "w", "'probe': {'targets': [" + (target + ",").repeat(16) + target + "]}"))
                .text())
        .contains("must have at most 16 items");
    assertThat(dryRun(monitor("w", "'nodeSelector': {'" + "x".repeat(400) + "': ''}")).text())
        .contains("the name of a label has at most 317 characters");
    StringBuilder labels = new StringBuilder("'l': ''");
    for (int i = 0; i < 16; i++) {
      labels.append(", 'l").append(i).append("': ''");
    }
    assertThat(dryRun(monitor("w", "'nodeSelector': {" + labels + "}")).text())
        .contains("must have at most 16 items");
  }

  @ParameterizedTest
  @Order(1)
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``",
        "'action': 'off', 'signals': ['carrier']",
        "'action': 'demote'",
        "'nodeSelector': {'rack': 'a'}, 'action': 'vfLinkState', 'signals': ['probe', 'lacp',"
            + " 'carrier'], 'probe': {'intervalSeconds': 60, 'targets': [{'address': '192.0.2.1'},"
            + " {'address': '2001:db8::1', 'vlan': 4094}]}, 'downAfter': 30, 'upAfter': 3600,"
            + " 'holdDownSeconds': 86400, 'longestHoldDownSeconds': 86400, 'storm': {'percent':"
            + " 100, 'windowSeconds': 3600, 'bondsAtOnce': 1000}"
      })
  void whatIsRightIsTaken(String spec) {
    TestCluster.Output output = dryRun(monitor("right", spec));
    assertThat(output.status()).as(output.text()).isZero();
  }

  private static TestCluster.Output dryRun(String yaml) {
    return cluster.tryCreate(yaml, "--dry-run=server", "--validate=strict");
  }

  private static Optional<Part> read(String text, String node) {
    try {
      // Before the operator has written anything there is nothing.
      return text.isEmpty()
          ? Optional.empty()
          : PublishedUplinks.of(text.getBytes(StandardCharsets.UTF_8), node);
    } catch (JsonException e) {
      throw new AssertionError(text, e);
    }
  }

  /// What the agent on a node makes of the ConfigMap, once it is so.
  private static void awaitNode(String node, Predicate<Optional<Part>> wanted) {
    String _ = cluster.await(MAP, TEXT, text -> wanted.test(read(text, node)));
  }

  private static Predicate<Optional<Part>> follows(String monitor) {
    return part -> part.map(Part::monitor).equals(Optional.of(monitor));
  }

  private static void awaitStatus(String monitor, String type, String text) {
    String _ =
        cluster.await(
            "uplinkmonitor " + monitor,
            "{.status.nodes} {.status.conditions[?(@.type==\""
                + type
                + "\")].status} {.status.conditions[?(@.type==\""
                + type
                + "\")].message}",
            text::equals);
  }

  @Test
  @Order(2)
  void nodesReadWhatTheOldestMonitorSaysThatSelectsThem() throws Exception {
    for (String node : new String[] {"n1", "n2"}) {
      cluster.apply(
          "{apiVersion: v1, kind: Node, metadata: {name: %s, labels: {rack: \"%s\"}}}"
              .formatted(node, node));
    }
    cluster.operator(
        "only", WEBHOOK, TestCluster.freePort(), Map.of("PODBOND_UPLINK_MONITORS", "true"));
    cluster.apply(
        monitor(
            "racks",
            "'nodeSelector': {'rack': 'n1'}, 'action': 'demote', 'probe': {'targets': [{'address':"
                + " '2001:db8::1', 'vlan': 7}]}"));
    // Ages count in seconds.
    Thread.sleep(1_100);
    cluster.apply(monitor("all", "'downAfter': 5"));

    awaitNode("n1", follows("racks"));
    awaitNode("n2", follows("all"));
    Part racks = read(cluster.await(MAP, TEXT, text -> !text.isEmpty()), "n1").orElseThrow();
    assertThat(racks.content()).isInstanceOf(Content.Settings.class);
    JsonObject settings = ((Content.Settings) racks.content()).settings();
    assertThat(UplinkSettings.parse(settings).action()).isEqualTo(UplinkAction.DEMOTE);
    assertThat(UplinkSettings.parse(settings).targets()).hasToString("[2001:db8::1 in VLAN 7]");
    awaitStatus("racks", "Ready", "1 True 1 node can read its settings");
    awaitStatus("racks", "Degraded", "1 False no node that it selects follows another one");
    awaitStatus(
        "all",
        "Degraded",
        "1 True of the nodes that it selects 1 follow an older UplinkMonitor: n1 follows racks");
    assertThat(cluster.kubectl("get", "uplinkmonitors").text())
        .containsPattern("NAME +ACTION +NODES +READY +DEGRADED +AGE")
        .containsPattern("racks +demote +1 +True +AsExpected ")
        .containsPattern("all +observe +1 +True +Overlap ");
  }

  @Test
  @Order(3)
  void labelsAndMonitorsComeAndGo() {
    cluster.kubectl("label", "node", "n2", "rack=n1", "--overwrite");
    awaitNode("n2", follows("racks"));
    awaitStatus("all", "Ready", "0 True no node follows it");
    cluster.kubectl("delete", "uplinkmonitor", "racks");
    awaitNode("n1", follows("all"));
    awaitStatus("all", "Degraded", "2 False no node that it selects follows another one");
    cluster.kubectl("delete", "node", "n2");
    awaitNode("n2", Optional::isEmpty);
    awaitStatus("all", "Ready", "1 True 1 node can read its settings");
  }

  /// The API server takes an address that the agents do not.
  @Test
  @Order(4)
  void whatTheSchemaLetsPassIsSaidByTheMonitorAndToldToNodes() {
    assertThat(
            cluster
                .kubectl(
                    "patch",
                    "uplinkmonitor",
                    "all",
                    "--type=merge",
                    "-p={\"spec\": {\"probe\": {\"targets\": [{\"address\": \"1.2.3.04\"}]}}}")
                .status())
        .isZero();
    awaitNode(
        "n1", part -> part.filter(one -> one.content() instanceof Content.Unusable).isPresent());
    String _ =
        cluster.await(
            "uplinkmonitor all",
            "{.status.conditions[?(@.type==\"Ready\")].reason}",
            "InvalidSettings"::equals);
    cluster.kubectl(
        "patch", "uplinkmonitor", "all", "--type=merge", "-p={\"spec\": {\"probe\": null}}");
    awaitStatus("all", "Ready", "1 True 1 node can read its settings");
  }

  @Test
  @Order(5)
  void whatOthersWriteIntoTheConfigMapIsTakenBack() {
    cluster.kubectl(
        "patch",
        "configmap",
        "podbond-uplink",
        "-n",
        "podbond",
        "-p={\"data\": {\"uplinks.json\": \"{}\"}}");
    awaitNode("n1", follows("all"));
    cluster.kubectl("delete", "configmap", "podbond-uplink", "-n", "podbond");
    awaitNode("n1", follows("all"));
    // An upgrade must not look as if all monitors were deleted: bonds would come back.
    cluster.apply(
        cluster.chart("webhook.url=https://localhost:" + WEBHOOK, "uplinkMonitor.enabled=true"));
    assertThat(
            read(
                cluster
                    .kubectl(
                        "get",
                        "configmap",
                        "podbond-uplink",
                        "-n",
                        "podbond",
                        "-o",
                        "jsonpath=" + TEXT)
                    .text(),
                "n1"))
        .isPresent();
  }

  @ParameterizedTest
  @Order(6)
  @CsvSource({
    "patch uplinkmonitors, no",
    "delete uplinkmonitors, no",
    "create uplinkmonitors, no",
    "patch uplinkmonitors --subresource=status, yes",
    "patch nodes, no",
    "list configmaps, no",
    "get configmap/podbond-node-settings, no",
    "patch configmap/podbond-node-settings, no",
    "patch configmap/podbond-uplink, yes",
    "delete configmap/podbond-uplink, no"
  })
  void theOperatorWritesNothingElse(String what, String allowed) {
    List<String> question = new ArrayList<>(List.of("auth", "can-i", "-n", "podbond", ACCOUNT));
    question.addAll(List.of(what.split(" ", -1)));
    // A warning about kinds without a namespace may come first.
    assertThat(cluster.kubectl(question.toArray(String[]::new)).text().strip()).endsWith(allowed);
  }
}
