package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.operator.kubernetes.PodDevices;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// From what nodes report of their bonds to sums, conditions and events, on a real API server. The
/// test plays the part of the nodes.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NodeStatesClusterTest {
  private static final int WEBHOOK = TestCluster.freePort();
  private static final Map<String, String> SETTINGS = Map.of("PODBOND_NODE_STATES", "true");
  private static final String ACCOUNT = "--as=system:serviceaccount:podbond:podbond-operator";

  /// kubectl reads a status before it patches it.
  private static final String READS =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: test-reads-pods}
      rules: [{apiGroups: [""], resources: [pods/status], verbs: [get]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: test-reads-pods}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: test-reads-pods}
      subjects: [{kind: ServiceAccount, name: podbond-operator, namespace: podbond}]
      """;

  /// A tenth of a large cluster, unless the property says otherwise.
  private static final int NODES = Integer.getInteger("podbond.nodes", 20);

  private static final int BONDS_PER_NODE = 10;
  private static final int AT_ONCE = 8;

  /// How long nothing may be written while nothing happens.
  private static final Duration QUIET = Duration.ofMinutes(Integer.getInteger("podbond.quiet", 1));

  /// Not an expected duration: when to give up on a machine that does other things as well.
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /// The limit in the chart's values.
  private static final long LIMIT_KIB = 256 << 10;

  private static final ResourceDefinitionContext STATES =
      new ResourceDefinitionContext.Builder()
          .withGroup("podbond.dev")
          .withVersion("v1alpha1")
          .withKind("BondNodeState")
          .withPlural("bondnodestates")
          .withNamespaced(false)
          .build();

  @TempDir static Path directory;
  private static final BondScene SCENE =
      BondScene.of("seen").withBond("mode: active-backup\nreadinessGate: true");
  private static final BondScene LOAD = BondScene.of("load");
  private static TestCluster cluster;
  private static TestCluster.OperatorProcess operator;
  private static KubernetesClient client;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.install("webhook.url=https://localhost:" + WEBHOOK, "agent.nodeState.enabled=true");
    client = cluster.client();
  }

  @AfterAll
  static void end() {
    if (client != null) {
      client.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static void startOperator() {
    // With the same name it becomes the leader again at once.
    operator = cluster.operator("only", WEBHOOK, TestCluster.freePort(), SETTINGS);
  }

  @Test
  @Order(1)
  void withoutTheKindItWorksAsBefore() throws Exception {
    cluster.kubectl("delete", "crd", "bondnodestates.podbond.dev", "--ignore-not-found");
    startOperator();
    TestCluster.awaitLog(operator, "there is no kind BondNodeState here");
    cluster.apply(SCENE.namespaceYaml());
    cluster.apply(SCENE.surroundingsYaml());
    cluster.apply(SCENE.bondYaml());
    cluster.await(
        "bondnetwork bond -n ns-seen",
        "{.status.conditions[?(@.type==\"Ready\")].reason}",
        "BondReady"::equals);
    operator.kill();
    cluster.apply(Files.readString(Path.of("../packaging/chart/templates/bondnodestates.yaml")));
    cluster.kubectl(
        "wait", "--for=condition=Established", "crd/bondnodestates.podbond.dev", "--timeout=60s");
    startOperator();
  }

  @Test
  @Order(2)
  void fromTheNodesReportToConditionsSumAndEvents() {
    cluster.apply(SCENE.podYaml("web", "bond"));
    assertThat(
            cluster.await(
                "pod web -n ns-seen", "{.spec.readinessGates[*].conditionType}", t -> true))
        .isEqualTo("podbond.dev/BondUp");
    agent("node-seen", true);
    report("node-seen", List.of("web"), "ns-seen", "up", "up");

    awaitCondition("BondUp", "True BondsUp");
    awaitCondition("BondRedundant", "True AllMembersUp");
    awaitBonds("{.status.bonds.total} {.status.bonds.healthy}", "1 1");

    report("node-seen", List.of("web"), "ns-seen", "down", "up");
    awaitCondition("BondRedundant", "False MemberDown");
    awaitBonds("{.status.bonds.degraded}", "1");
    awaitBonds(
        "{.status.bonds.worst[0]}",
        "ns-seen/web bond: Degraded, PF pf0 (0000:01:00.0) has no carrier");
    assertThat(
            awaitEvents(
                "ns-seen",
                "bond bond runs on 1 of 2 members, without bond-1: PF pf0 (0000:01:00.0) has no"
                    + " carrier"))
        .contains("Warning RedundancyLost");
    assertThat(
            awaitEvents(
                "default",
                "PF pf0 (0000:01:00.0) of node node-seen lost its carrier; 1 bond runs on one"
                    + " member"))
        .contains("Warning UplinkLost");
    awaitCondition("BondUp", "True BondsUp");

    report("node-seen", List.of("web"), "ns-seen", "down", "down");
    awaitCondition("BondUp", "False BondDown");
    report("node-seen", List.of("web"), "ns-seen", "up", "up");
    awaitCondition("BondUp", "True BondsUp");
    awaitCondition("BondRedundant", "True AllMembersUp");
    assertThat(awaitEvents("ns-seen", "passes traffic again")).contains("Normal BondUp");
    assertThat(awaitEvents("default", "has its carrier again")).contains("Normal UplinkRestored");

    Map<String, Object> silent =
        Map.of("health", "Degraded", "problems", List.of("no LACP partner answers"));
    report("node-seen", List.of("web"), "ns-seen", "", "up", "up", silent);
    awaitCondition("BondRedundant", "False Degraded");
    awaitBonds("{.status.bonds.degraded}", "1");
    assertThat(
            awaitEvents(
                "ns-seen", "bond bond is Degraded with all 2 members up: no LACP partner answers"))
        .contains("Warning BondDegraded");
    report("node-seen", List.of("web"), "ns-seen", "up", "up");
    awaitCondition("BondRedundant", "True AllMembersUp");
  }

  @Test
  @Order(3)
  void aPodDoesNotGetTheConditionsOfAnEarlierOneOfItsName() {
    report("node-seen", List.of("web"), "ns-seen", uid(), "down", "down");
    awaitCondition("BondUp", "False BondDown");
    cluster.delete(SCENE.podYaml("web", "bond"));
    cluster.apply(SCENE.podYaml("web", "bond"));

    awaitBonds("{.status.bonds.total} {.status.bonds.unknown}", "1 1");
    assertThat(cluster.await("pod web -n ns-seen", "{.status.conditions[*].type}", _ -> true))
        .doesNotContain("podbond.dev");
    report("node-seen", List.of("web"), "ns-seen", uid(), "up", "up");
    awaitCondition("BondUp", "True BondsUp");
    awaitCondition("BondRedundant", "True AllMembersUp");
  }

  private static String uid() {
    return cluster.await("pod web -n ns-seen", "{.metadata.uid}", uid -> !uid.isEmpty());
  }

  @Test
  @Order(4)
  void redundancyIsNoReadinessGate() {
    TestCluster.Output output =
        cluster.tryApply(
            SCENE
                .podYaml("gated", "bond")
                .replace(
                    "spec:\n",
                    "spec:\n  readinessGates: [{conditionType: podbond.dev/BondRedundant}]\n"));

    assertThat(output.status()).isNotZero();
    assertThat(output.text()).contains("a switch that restarts", "use podbond.dev/BondUp");
  }

  /// A dead operator, a silent node and an operator that finds it silent take no pod out of its
  /// services.
  @Test
  @Order(5)
  void whoIsAwayTurnsNothingFalse() {
    operator.kill();
    agent("node-seen", false);

    startOperator();

    awaitBonds("{.status.bonds.unknown}", "1");
    awaitBonds("{.status.bonds.worst[0]}", "ns-seen/web bond: Unknown, node node-seen is silent");
    awaitCondition("BondUp", "True BondsUp");
    awaitCondition("BondRedundant", "True AllMembersUp");
    agent("node-seen", true);
    awaitBonds("{.status.bonds.healthy}", "1");
  }

  /// With the right to write statuses of pods its account could do much to a cluster.
  @Test
  @Order(6)
  void ofAPodOnlyTheOperatorsTwoConditionsChange() {
    cluster.apply(READS);
    assertThat(
            patchPod(
                    "{\"status\": {\"conditions\": [{\"type\": \"podbond.dev/BondUp\", \"status\":"
                        + " \"False\", \"reason\": \"X\", \"message\": \"x\"}]}}")
                .text())
        .contains("patched");
    for (String change :
        new String[] {
          "{\"status\": {\"phase\": \"Failed\"}}",
          "{\"status\": {\"podIP\": \"10.0.0.9\", \"podIPs\": [{\"ip\": \"10.0.0.9\"}]}}",
          "{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}",
          "{\"status\": {\"conditions\": [{\"type\": \"x.example/gate\", \"status\": \"True\"}]}}",
          "{\"metadata\": {\"labels\": {\"x\": \"y\"}}}",
          "{\"metadata\": {\"annotations\": {\"x\": \"y\"}}}"
        }) {
      TestCluster.Output output = patchPod(change);
      assertThat(output.status()).as(change + ": " + output.text()).isNotZero();
      assertThat(output.text()).contains("ValidatingAdmissionPolicy 'podbond-operator-pods'");
    }
  }

  private static TestCluster.Output patchPod(String change) {
    return cluster.kubectl(
        "patch",
        "pod",
        "web",
        "-n",
        "ns-seen",
        ACCOUNT,
        "--subresource=status",
        "--dry-run=server",
        "--type=strategic",
        "-p=" + change);
  }

  @Test
  @Order(7)
  void whatPodsBondsTellIsInTheConditions() {
    report("node-seen", List.of("web"), "ns-seen", "", "up", "up", Map.of("survives", GRADE));
    awaitDegraded("False SameSwitch");
    awaitBonds("{.status.bonds.findings[*].reason}", "SameSwitch");

    Map<String, Object> joined = Map.of("survives", GRADE, "vfLag", "bond7");
    report("node-seen", List.of("web"), "ns-seen", "", "up", "up", joined);
    awaitDegraded("True VfLag");

    cluster.apply(SCENE.withBond(SCENE.bond() + "\nsurvive: [card]").bondYaml());
    awaitDegraded("True SurvivalUnmet");
    awaitBonds("{.status.conditions[?(@.type==\"Ready\")].reason}", "BondReady");
    assertThat(
            cluster.await(
                "bondnetwork bond -n ns-seen", "{.status.bonds.findings[0].message}", _ -> true))
        .contains("spec.survive has card", "ns-seen/web bond on node-seen");

    report("node-seen", List.of("web"), "ns-seen", "up", "up");
    awaitDegraded("True SurvivalUnproven");
    cluster.apply(SCENE.bondYaml());
    awaitDegraded("False AsExpected");
  }

  private static final List<Map<String, String>> GRADE =
      List.of(
          Map.of("failure", "cable", "answer", "Yes", "how", "PCIAddress"),
          Map.of("failure", "port", "answer", "Yes", "how", "PCIAddress"),
          Map.of("failure", "card", "answer", "No", "how", "SerialNumber", "shared", "11-22"),
          Map.of(
              "failure",
              "switch",
              "answer",
              "ProbablyNot",
              "how",
              "LACPPartner",
              "shared",
              "00:1c:73:00:00:01"));

  private static void awaitDegraded(String wanted) {
    String path = "{.status.conditions[?(@.type==\"Degraded\")]%s}";
    awaitBonds(path.formatted(".status") + " " + path.formatted(".reason"), wanted);
  }

  /// The cable has its link, and nothing but the node's verdict tells that bonds have to leave it.
  @Test
  @Order(8)
  void anUplinkThatIsBadBehindACarrierIsToldWithItsReason() {
    String why = "the uplink of PF pf0 (0000:01:00.0) is bad, lacp: no partner";
    Map<String, Object> bad = Map.of("upstream", "bad", "upstreamReason", "lacp: no partner");
    Map<String, Object> held = Map.of("cause", why, "health", "Degraded", "up", 1);
    report("node-seen", List.of("web"), "ns-seen", "", "held", "up", held, bad, "2 of 2");
    awaitCondition("BondRedundant", "False MemberHeldBack");
    awaitCondition("BondUp", "True BondsUp");
    assertThat(
            cluster.await(
                "pod web -n ns-seen",
                "{.status.conditions[?(@.type==\"podbond.dev/BondRedundant\")].message}",
                _ -> true))
        .isEqualTo("bond bond runs on 1 of 2 members, without bond-1: " + why);
    assertThat(
            awaitEvents(
                "default",
                "PF pf0 (0000:01:00.0) of node node-seen has a carrier, but its uplink is bad:"
                    + " lacp: no partner; 1 bond runs on one member"))
        .contains("Warning UplinkBad Node");
    assertThat(awaitEvents("default", "no bond leaves one: 2 of 2"))
        .contains("Warning UplinkStorm Node");

    Map<String, Object> good = Map.of("upstream", "good");
    report("node-seen", List.of("web"), "ns-seen", "", "up", "up", Map.of(), good, "");
    awaitCondition("BondRedundant", "True AllMembersUp");
    assertThat(awaitEvents("default", "has a good uplink again")).contains("Normal UplinkGood");
    assertThat(awaitEvents("default", "may leave a bad uplink again"))
        .contains("Normal UplinkStormOver");
  }

  /// Prints how much is written and how long it takes, and limits the memory.
  @Test
  @Order(9)
  void aSwitchThatTakesOnePfOfEveryNode() throws Exception {
    cluster.apply(LOAD.namespaceYaml());
    cluster.apply(LOAD.surroundingsYaml());
    cluster.apply(LOAD.bondYaml());
    cluster.await(
        "bondnetwork bond -n ns-load",
        "{.status.conditions[?(@.type==\"Ready\")].reason}",
        "BondReady"::equals);
    int bonds = NODES * BONDS_PER_NODE;
    client.resources(PodDevices.class).inNamespace("ns-load").inform(new Redundancy());
    each(bonds, i -> client.resource(loadPod(i)).create());
    each(NODES, i -> agent("load-" + i, true));
    each(NODES, i -> report("load-" + i, podsOf(i), "ns-load", "up", "up"));
    awaitPods("True", bonds);
    awaitLoad("healthy", bonds);
    Map<String, Long> quiet = awaitQuiet();
    Thread.sleep(QUIET);
    assertThat(writes()).as("writes while nothing happens").isEqualTo(quiet);

    Instant start = Instant.now();
    each(NODES, i -> report("load-" + i, podsOf(i), "ns-load", "down", "up"));
    Instant reported = Instant.now();
    awaitPods("False", bonds);
    Instant judged = Instant.now();
    awaitLoad("degraded", bonds);
    Instant right = Instant.now();
    Map<String, Long> writes = awaitQuiet();
    quiet.forEach((kind, count) -> writes.merge(kind, -count, Long::sum));
    writes.values().removeIf(count -> count == 0);
    // The reports are the test's.
    writes.remove("bondnodestates/status");
    long written = writes.values().stream().mapToLong(Long::longValue).sum();
    System.out.printf(
        "node states: nothing written in %s without news; %d nodes of %d bonds lost a PF each;"
            + " reported in %d s, all conditions right %d s later, the sum %d s later; writes of the"
            + " operator: %d, %s; it has had at most %d MiB%n",
        QUIET,
        NODES,
        BONDS_PER_NODE,
        Duration.between(start, reported).toSeconds(),
        Duration.between(reported, judged).toSeconds(),
        Duration.between(reported, right).toSeconds(),
        written,
        writes,
        peakKib() >> 10);
    // A condition and at most one event of each pod, an event of each node, a few statuses.
    assertThat(written).isLessThan(2L * bonds + NODES + 200);
    assertThat(peakKib()).isLessThan(LIMIT_KIB);
    assertThat(
            cluster
                .kubectl(
                    "get",
                    "pods",
                    "-n",
                    "ns-load",
                    "-o",
                    "jsonpath={.items[*].status.conditions[?(@.type==\"podbond.dev/BondUp\")].status}")
                .text())
        .doesNotContain("False");
  }

  private static List<String> podsOf(int node) {
    List<String> pods = new ArrayList<>();
    for (int i = 0; i < BONDS_PER_NODE; i++) {
      pods.add("web-" + (node * BONDS_PER_NODE + i));
    }
    return pods;
  }

  private static io.fabric8.kubernetes.api.model.Pod loadPod(int number) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("web-" + number)
        .withNamespace("ns-load")
        .addToAnnotations("k8s.v1.cni.cncf.io/networks", "bond")
        .endMetadata()
        .withNewSpec()
        .withNodeName("load-" + number / BONDS_PER_NODE)
        .addNewContainer()
        .withName("main")
        .withImage("registry.k8s.io/pause:3.10")
        .endContainer()
        .endSpec()
        .build();
  }

  /// The agent's pod of a node, as kubelet has it.
  private static void agent(String node, boolean isReady) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("podbond-agent-" + node)
            .withNamespace("podbond")
            .addToLabels("app.kubernetes.io/name", "podbond-agent")
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .addNewContainer()
            .withName("agent")
            .withImage("podbond")
            .endContainer()
            .endSpec()
            .withNewStatus()
            .addNewCondition()
            .withType("Ready")
            .withStatus(isReady ? "True" : "False")
            .endCondition()
            .endStatus()
            .build();
    if (client.resource(pod).get() == null) {
      client.resource(pod).create();
    }
    client.resource(pod).patchStatus();
  }

  /// What a node reports of pods with a bond each, of an agent that knows no UIDs.
  private static void report(
      String node, List<String> pods, String namespace, String first, String second) {
    report(node, pods, namespace, "", first, second);
  }

  private static void report(
      String node, List<String> pods, String namespace, String uid, String first, String second) {
    report(node, pods, namespace, uid, first, second, Map.of());
  }

  /// @param further what else it reports of each bond
  private static void report(
      String node,
      List<String> pods,
      String namespace,
      String uid,
      String first,
      String second,
      Map<String, Object> further) {
    report(node, pods, namespace, uid, first, second, further, Map.of(), "");
  }

  /// @param ofFirstPf what else it reports of the first PF
  /// @param storm why no uplink counts; "" if there is no storm
  private static void report(
      String node,
      List<String> pods,
      String namespace,
      String uid,
      String first,
      String second,
      Map<String, Object> further,
      Map<String, Object> ofFirstPf,
      String storm) {
    boolean isDown = first.equals("down");
    List<Map<String, Object>> bonds = new ArrayList<>();
    for (String pod : pods) {
      Map<String, Object> bond =
          new HashMap<>(
              Map.of(
                  "namespace",
                  namespace,
                  "pod",
                  pod,
                  "container",
                  "c",
                  "bond",
                  "bond",
                  "network",
                  namespace + "/bond",
                  "health",
                  second.equals("down") ? "Down" : isDown ? "Degraded" : "Healthy",
                  "configured",
                  2,
                  "up",
                  (isDown ? 0 : 1) + (second.equals("down") ? 0 : 1),
                  "cause",
                  isDown ? "PF pf0 (0000:01:00.0) has no carrier" : "",
                  "members",
                  List.of(
                      Map.of("name", "bond-1", "pfPciAddress", "0000:01:00.0", "state", first),
                      Map.of("name", "bond-2", "pfPciAddress", "0000:02:00.0", "state", second))));
      if (!uid.isEmpty()) {
        bond.put("podUID", uid);
      }
      bond.putAll(further);
      bonds.add(bond);
    }
    GenericKubernetesResource state = new GenericKubernetesResource();
    state.setApiVersion("podbond.dev/v1alpha1");
    state.setKind("BondNodeState");
    state.setMetadata(
        new io.fabric8.kubernetes.api.model.ObjectMetaBuilder().withName(node).build());
    var known = client.genericKubernetesResources(STATES).withName(node);
    if (known.get() == null) {
      client.genericKubernetesResources(STATES).resource(state).create();
    }
    state.setAdditionalProperty(
        "status",
        Map.of(
            "pfs",
            List.of(
                pf("pf0", "0000:01:00.0", !isDown, ofFirstPf),
                pf("pf1", "0000:02:00.0", true, Map.of())),
            "uplinkStorm",
            storm,
            "bonds",
            bonds));
    client.genericKubernetesResources(STATES).resource(state).patchStatus();
  }

  private static Map<String, Object> pf(
      String name, String pciAddress, boolean carrier, Map<String, Object> further) {
    Map<String, Object> pf = new HashMap<>(further);
    pf.putAll(Map.of("name", name, "pciAddress", pciAddress, "carrier", carrier, "members", 1));
    return pf;
  }

  private static void awaitCondition(String type, String wanted) {
    String path = "{.status.conditions[?(@.type==\"podbond.dev/" + type + "\")]%s}";
    cluster.await(
        "pod web -n ns-seen",
        path.formatted(".status") + " " + path.formatted(".reason"),
        wanted::equals);
  }

  private static void awaitBonds(String path, String wanted) {
    cluster.await("bondnetwork bond -n ns-seen", path, wanted::equals);
  }

  private static void awaitLoad(String health, int count) {
    cluster.await(
        "bondnetwork bond -n ns-load",
        "{.status.bonds." + health + "}",
        Integer.toString(count)::equals);
  }

  /// The status of the second condition of each pod, as the API server tells of it: whoever lists
  /// thousands of pods again and again has a large share in what he measures.
  private static final class Redundancy implements ResourceEventHandler<PodDevices> {
    static final Map<String, String> STATUSES = new ConcurrentHashMap<>();

    @Override
    public void onAdd(PodDevices pod) {
      pod.conditions().stream()
          .filter(condition -> condition.type().equals(PodCondition.REDUNDANT))
          .forEach(condition -> STATUSES.put(pod.getMetadata().getName(), condition.status()));
    }

    @Override
    public void onUpdate(PodDevices old, PodDevices pod) {
      onAdd(pod);
    }

    @Override
    public void onDelete(PodDevices pod, boolean unknownFinalState) {
      STATUSES.remove(pod.getMetadata().getName());
    }
  }

  private static void awaitPods(String status, int count) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Redundancy.STATUSES.values().stream().filter(status::equals).count() < count) {
      assertThat(Instant.now()).as(status).isBefore(end);
      Thread.sleep(200);
    }
  }

  private static String awaitEvents(String namespace, String text) {
    return cluster.await(
        "events -n " + namespace,
        "{range .items[*]}{.type} {.reason} {.involvedObject.kind} {.message}{\"\\n\"}{end}",
        all -> all.contains(text));
  }

  /// How often anything but a lease was written, by resource, as the API server counts it.
  private static Map<String, Long> writes() {
    Map<String, Long> writes = new TreeMap<>();
    cluster
        .kubectl("get", "--raw", "/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith("apiserver_request_total{"))
        .filter(line -> line.matches(".*verb=\"(POST|PUT|PATCH|APPLY|DELETE)\".*"))
        .filter(line ->
            line.matches(".*resource=\"(pods|events|bondnetworks|bondnodestates|namespaces)\".*"))
        .forEach(line ->
            writes.merge(
                (label(line, "resource") + "/" + label(line, "subresource")).replaceAll("/$", ""),
                (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
                Long::sum));
    return writes;
  }

  private static String label(String line, String name) {
    return line.replaceAll(".*[{,]" + name + "=\"([^\"]*)\".*", "$1");
  }

  /// Waits until nothing is written for ten seconds; returns how much was written until then.
  private static Map<String, Long> awaitQuiet() throws InterruptedException {
    Map<String, Long> before = Map.of();
    for (Map<String, Long> now = writes(); !now.equals(before); now = writes()) {
      before = now;
      Thread.sleep(Duration.ofSeconds(10));
    }
    return before;
  }

  private static long peakKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + operator.process().pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  private static void each(int count, IntConsumer step) throws Exception {
    Semaphore turns = new Semaphore(AT_ONCE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        turns.acquire();
        all.add(
            threads.submit(() -> {
              try {
                step.accept(number);
              } finally {
                turns.release();
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }
}
