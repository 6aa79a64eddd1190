package dev.podbond.operator.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.assess.ClusterNames;
import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.observed.BondUse;
import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.Look;
import dev.podbond.cluster.observed.NodeReport;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.cluster.observed.ReportedNode;
import dev.podbond.cluster.render.NetworkRendering;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.BondNetworkResource;
import dev.podbond.operator.kubernetes.Serialization;
import dev.podbond.operator.observe.BondObserver;
import dev.podbond.operator.reconcile.BondNetworkReconciler;
import dev.podbond.operator.reconcile.NetworkRenderer;
import dev.podbond.operator.reconcile.PolicyPublisher;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An hour in which nothing happens to any bond: one is healthy, one degraded, one down, and their
/// pods' conditions, their events and the BondNetworks' statuses say so already. Everything that
/// the operator does by itself is in it, as often as an hour has it or more often: the checks for
/// silent nodes, looks at every BondNetwork, watches that end so that all is listed again, kubelets
/// that touch their pods, another replica that takes the lead. Not in it are the lease of the
/// leader, which is renewed every two seconds, and a certificate that is due, once in sixty days.
final class OperatorQuietHourTest {
  private static final String STATES = "/apis/podbond.dev/v1alpha1/bondnodestates";
  private static final String AGENTS = "/api/v1/namespaces/podbond/pods";
  private static final String PODS = "/api/v1/pods";
  private static final String BONDS = "/apis/podbond.dev/v1alpha1/bondnetworks";
  private static final String NETWORKS = "/apis/sriovnetwork.openshift.io/v1/sriovnetworks";
  private static final String ATTACHMENTS =
      "/apis/k8s.cni.cncf.io/v1/network-attachment-definitions";
  private static final String TEMPLATES = "/apis/resource.k8s.io/v1/resourceclaimtemplates";

  private static final Duration CHECK = Duration.ofSeconds(5);
  private static final ClaimRules RULES = new ClaimRules("class", true);

  /// The bond of the pods, of which a member is missing.
  private static final JsonObject STORAGE =
      json(
          """
          {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNetwork",
           "metadata": {"name": "storage", "namespace": "demo", "uid": "u1", "generation": 1,
             "resourceVersion": "1"},
           "spec": {"mode": "active-backup",
             "members": [{"sriovNetwork": "vf"}, {"sriovNetwork": "gone"}]}}
          """);

  /// One that is ready.
  private static final JsonObject CLAIMED =
      json(
          """
          {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNetwork",
           "metadata": {"name": "claimed", "namespace": "demo", "uid": "u2", "generation": 1,
             "resourceVersion": "1"},
           "spec": {"mode": "active-backup", "allocation": "dra",
             "members": [{"sriovNetwork": "vf"}, {"sriovNetwork": "vf"}]}}
          """);

  private static final JsonObject NETWORK =
      json(
          """
          {"apiVersion": "sriovnetwork.openshift.io/v1", "kind": "SriovNetwork",
           "metadata": {"name": "vf", "namespace": "operators", "uid": "u3",
             "resourceVersion": "1"},
           "spec": {"resourceName": "r", "networkNamespace": "demo"}}
          """);

  private static final String SLICE =
      """
      {"metadata": {"name": "s", "resourceVersion": "1", "uid": "u4"},
       "spec": {"driver": "sriovnetwork.k8snetworkplumbingwg.io", "nodeName": "n1",
        "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1}, "devices": [
          {"name": "a", "attributes": {
            "k8s.cni.cncf.io/resourceName": {"string": "openshift.io/r"},
            "sriovnetwork.k8snetworkplumbingwg.io/pfPciAddress": {"string": "1"}}},
          {"name": "b", "attributes": {
            "k8s.cni.cncf.io/resourceName": {"string": "openshift.io/r"},
            "sriovnetwork.k8snetworkplumbingwg.io/pfPciAddress": {"string": "2"}}}]}}
      """;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));
  private final List<String> looked = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<BondNetworkResource> resources = new ArrayList<>();
  private FakeApiServer server;
  private KubernetesClient client;
  private ClusterView view;
  private NodeReports reports;
  private BondObserver observer;
  private BondNetworkReconciler reconciler;
  private List<BondedPod> pods = List.of();
  private int version = 1;

  private static JsonObject json(String text) {
    try {
      return Json.parseObject(text);
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }

  /// As the API server stores it.
  private static String stored(JsonObject manifest) {
    JsonObject metadata = LenientObject.object(manifest, "metadata");
    return manifest
        .with(
            "metadata",
            metadata
                .with("uid", new JsonString("u-" + metadata.get("name").orElseThrow()))
                .with("resourceVersion", new JsonString("1")))
        .toString();
  }

  /// The report of node n1, in which PF ens1f0 has no carrier.
  ///
  /// @param healthy whether the first bond is
  private static String state(int version, boolean healthy) {
    return """
    {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNodeState",
     "metadata": {"name": "n1", "uid": "n1", "resourceVersion": "%d"},
     "status": {"pfs": [{"name": "ens1f0", "pciAddress": "p0", "carrier": false},
                        {"name": "ens1f1", "pciAddress": "p1"}],
      "bonds": [%s, %s, %s]}}
    """
        .formatted(
            version,
            healthy ? bond(0, "Healthy", "up", "up") : bond(0, "Degraded", "up", "down"),
            bond(1, "Degraded", "down", "up"),
            bond(2, "Down", "down", "down"));
  }

  private static String bond(int pod, String health, String first, String second) {
    return """
    {"namespace": "demo", "pod": "web-%d", "podUID": "uid-web-%1$d", "bond": "bond0",
     "network": "demo/storage", "health": "%s", "configured": 2, "up": %d,
     "cause": "%s", "members": [
      {"name": "net1", "pfPciAddress": "%s", "pf": "ens1f0", "state": "%s"},
      {"name": "net2", "pfPciAddress": "p1", "pf": "ens1f1", "state": "%s"}]}
    """
        .formatted(
            pod,
            health,
            Stream.of(first, second).filter("up"::equals).count(),
            first.equals("up") ? "" : "PF ens1f0 (p0) has no carrier",
            // That of the healthy bond is another PF.
            first.equals("up") ? "p2" : "p0",
            first,
            second);
  }

  private static String agent() {
    return """
    {"apiVersion": "v1", "kind": "Pod",
     "metadata": {"name": "agent", "namespace": "podbond", "uid": "agent", "resourceVersion": "1"},
     "spec": {"nodeName": "n1"},
     "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    """;
  }

  private String pod(BondedPod pod) {
    return JsonObject.builder()
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put(
            "metadata",
            JsonObject.builder()
                .put("name", pod.name())
                .put("namespace", pod.namespace())
                .put("uid", pod.uid())
                .put("resourceVersion", Integer.toString(version))
                .put(
                    "annotations",
                    JsonObject.of("k8s.v1.cni.cncf.io/networks", new JsonString("storage@bond0")))
                .build())
        .put("spec", JsonObject.of("nodeName", new JsonString(pod.node())))
        .put(
            "status",
            JsonObject.of(
                "conditions",
                new JsonArray(pod.conditions().stream().<JsonValue>map(this::condition).toList())))
        .build()
        .toString();
  }

  private JsonObject condition(PodCondition condition) {
    return JsonObject.builder()
        .put("type", condition.type())
        .put("status", condition.status())
        .put("reason", condition.reason())
        .put("message", condition.message())
        .build();
  }

  private String podList() {
    return pods.stream().map(this::pod).collect(Collectors.joining(","));
  }

  /// The pods with the conditions that an operator gave them some time ago.
  private List<BondedPod> told() {
    NodeReport report = NodeReport.of("n1", LenientObject.object(json(state(1, true)), "status"));
    List<BondedPod> told = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      told.add(
          new BondedPod(
              "demo",
              "web-" + i,
              "uid-web-" + i,
              "n1",
              List.of(new BondUse("demo/storage", "bond0")),
              1,
              List.of()));
    }
    ReportedNode node = ReportedNode.NEW;
    for (int second = 60; second > 0; second--) {
      Look look = node.look(report, told, now.get().minusSeconds(second));
      node = look.next();
      look.verdicts()
          .forEach(verdict ->
              told.replaceAll(pod ->
                  pod.uid().equals(verdict.pod().uid()) ? pod.with(verdict.conditions()) : pod));
    }
    return told;
  }

  @BeforeEach
  void start() throws Exception {
    server = new FakeApiServer();
    pods = told();
    fill();
    client =
        new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder(server.config()).withWatchReconnectInterval(10).build())
            .withKubernetesSerialization(Serialization.create())
            .build();
    view =
        new ClusterView(
            client,
            new ClusterNames("openshift.io", "podbond"),
            BondRules.DEFAULT,
            Optional.of(RULES));
    view.listen(bond -> looked.add(bond.path()));
    view.start();
    lead();
    new NetworkRenderer(client, "openshift.io", new OperatorNamespaces(Set.of("operators")))
        .start();
    new PolicyPublisher(client, "podbond").start();
    await(() ->
        view.isMarked("demo")
            && view.podsOn("n1").size() == 3
            && view.bond("demo/storage").isPresent()
            && view.bond("demo/claimed")
                .filter(bond ->
                    view.assess(bond).claim().filter(view::isApplied).isPresent()
                        && !view.assess(bond).nodes().isEmpty())
                .isPresent()
            && reports.of("n1").isPresent());
    reconciler =
        new BondNetworkReconciler(client, view, (bond, present) -> observer.sum(bond, present));
    for (JsonObject bond : List.of(STORAGE, CLAIMED)) {
      resources.add(Serialization.create().unmarshal(bond.toString(), BondNetworkResource.class));
    }
    // The statuses as they are before the hour.
    while (!reconcile()) {
      // What is stored now is seen next.
    }
    await(() -> server.asked().stream().anyMatch(asked -> asked.contains("/configmaps/")));
  }

  /// What is stored, in its newest version.
  private void fill() throws IOException {
    server.list(BONDS, STORAGE + "," + CLAIMED);
    server.list(NETWORKS, NETWORK.toString());
    BondNetwork claimed = BondNetwork.of(CLAIMED);
    List<String> attachments = new ArrayList<>();
    Stream.of(BondNetwork.of(STORAGE), claimed)
        .flatMap(bond -> BondAttachment.render(bond, "podbond").stream())
        .forEach(manifest -> attachments.add(stored(manifest)));
    try {
      SriovNetwork network = (SriovNetwork) ObjectReader.restore(NETWORK, "vf");
      attachments.add(stored(NetworkRendering.render(network, "openshift.io").manifest()));
    } catch (LocatedException e) {
      throw new AssertionError(e);
    }
    server.list(ATTACHMENTS, String.join(",", attachments));
    server.list(
        TEMPLATES,
        stored(
            ClaimTemplate.of(
                    claimed,
                    (Allocation.Dra) claimed.allocation(),
                    List.of("openshift.io/r", "openshift.io/r"),
                    RULES)
                .manifest()));
    server.list("/apis/resource.k8s.io/v1/resourceslices", SLICE);
    server.list(
        "/api/v1/namespaces",
        "{\"metadata\": {\"name\": \"demo\", \"uid\": \"demo\", \"resourceVersion\": \"1\","
            + " \"labels\": {\"podbond.dev/bonds\": \"true\"}}}");
    server.list(AGENTS, agent());
    server.list(STATES, state(version, true));
    server.list(PODS, podList());
    pods.forEach(pod -> server.put("/api/v1/namespaces/demo/pods/" + pod.name(), pod(pod)));
  }

  /// A replica takes the lead. One that led before still believes that it does.
  private void lead() {
    reports =
        new NodeReports(
            client, "podbond", now::get, new Room(24 << 20, 3 << 20), Duration.ofDays(1));
    observer = new BondObserver(client, view, reports, now::get, now::get);
    open.add(reports);
    open.add(observer);
    looked.clear();
    observer.start();
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    view.close();
    client.close();
    server.close();
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (!wanted.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(20);
    }
  }

  private void pass(Duration time) {
    now.updateAndGet(then -> then.plus(time));
  }

  /// Looks at every BondNetwork; whether nothing was to be written.
  private boolean reconcile() {
    boolean isQuiet = true;
    for (BondNetworkResource resource : resources) {
      UpdateControl<BondNetworkResource> next = reconciler.reconcile(resource, null);
      if (next.isPatchStatus()) {
        isQuiet = false;
        resource.setStatus(next.getResource().orElseThrow().getStatus());
      }
    }
    return isQuiet;
  }

  private List<String> writes() {
    return server.asked().stream()
        .filter(asked -> !asked.startsWith("GET "))
        .filter(asked -> !asked.endsWith("/selfsubjectrulesreviews"))
        .toList();
  }

  private void minute() {
    for (int i = 0; i < 12; i++) {
      pass(CHECK);
      reports.check();
    }
    view.lookAgain();
    assertThat(reconcile()).as("statuses that are to be written").isTrue();
  }

  /// Kubelet has written something else into every pod, and somebody a label onto the report.
  private void touch() throws InterruptedException {
    version++;
    pods.forEach(pod -> server.tell(PODS, "MODIFIED", pod(pod)));
    server.tell(STATES, "MODIFIED", state(version, true));
    await(() -> view.podsOn("n1").stream().allMatch(pod -> pod.version() == version));
  }

  /// Every watch ends, and everything is listed again.
  private void relist() throws IOException, InterruptedException {
    fill();
    Set<String> lists = Set.of(BONDS, NETWORKS, ATTACHMENTS, TEMPLATES, AGENTS, STATES, PODS);
    int before = server.asked().size();
    server.expire();
    Set<String> missing = new HashSet<>(lists);
    await(() -> {
      List<String> since = server.asked().stream().skip(before).toList();
      missing.removeIf(list -> since.contains("GET " + list));
      return missing.isEmpty();
    });
    // That it is watched again shows with what happens next.
    touch();
  }

  @Test
  void itWritesNothing() throws Exception {
    server.forget();
    for (int minute = 0; minute < 60; minute++) {
      minute();
      switch (minute) {
        case 5, 25, 45 -> touch();
        case 10, 20, 40, 50 -> relist();
        case 30 -> {
          lead();
          await(() -> reports.isFull() && looked.contains("demo/storage"));
        }
        default -> {}
      }
      assertThat(writes()).as("in minute %d", minute).isEmpty();
    }
    // What was planned meanwhile waits for two seconds at most.
    Thread.sleep(3000);
    assertThat(reconcile()).isTrue();
    assertThat(writes()).isEmpty();

    // The hour would have found a write.
    server.tell(STATES, "MODIFIED", state(++version, false));
    await(() -> {
      pass(Duration.ofSeconds(1));
      return writes().contains("PATCH /api/v1/namespaces/demo/pods/web-0/status")
          && writes().contains("POST /api/v1/namespaces/demo/events");
    });
    assertThat(reconcile()).as("the sum").isFalse();
  }
}
