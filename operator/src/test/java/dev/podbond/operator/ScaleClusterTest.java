package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A large cluster with one replica: what a newly installed operator finds, and what it does
/// afterwards. It is the first of all classes, as it takes longest. It prints its duration, and
/// limits its memory.
@Tag("cluster")
@Order(1)
final class ScaleClusterTest {
  private static final int WEBHOOK = TestCluster.freePort();
  private static final int HEALTH = TestCluster.freePort();
  private static final int BONDS = Integer.getInteger("podbond.bonds", 1000);
  private static final int PODS = Integer.getInteger("podbond.pods", 10_000);

  /// How many pods are made while there are webhooks; the others exist before.
  private static final int EXPANDED = Integer.getInteger("podbond.expanded", 2000);

  private static final int NAMESPACES = 20;
  private static final int NODES = 100;
  private static final int VFS = 120;

  /// The limit in the chart's values.
  private static final long LIMIT_KIB = 256 << 10;

  /// How many requests one client may have under way.
  private static final int AT_ONCE = 8;

  @TempDir static Path directory;
  private static TestCluster cluster;
  private static TestCluster.OperatorProcess operator;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.installKinds();
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void serves() throws Exception {
    try (KubernetesClient client = cluster.client()) {
      snapshot();
      Instant start = Instant.now();
      make(client, PODS - EXPANDED, i -> pod(EXPANDED + i, true));
      System.out.printf(
          "scale: %d pods made without webhooks in %d s%n",
          PODS - EXPANDED, Duration.between(start, Instant.now()).toSeconds());
      cluster.apply(
          cluster.chart(
              "webhook.url=https://localhost:" + WEBHOOK, "standalone.renderNetworks=true"));
      operator =
          cluster.operator("only", WEBHOOK, HEALTH, Map.of("PODBOND_RENDER_NETWORKS", "true"));
      start = Instant.now();
      make(client, BONDS, i -> object(bond(i)));
      Instant made = Instant.now();
      cluster.await(
          "bondnetworks -A",
          "{.items[*].status.conditions[?(@.type==\"Ready\")].reason}",
          text -> text.split("BondReady", -1).length == BONDS + 1);
      tell("%d BondNetworks made in %d s, all ready %d s later", BONDS, made, start);
      start = Instant.now();
      make(client, EXPANDED, i -> pod(i, false));
      made = Instant.now();
      long left = (long) NODES * VFS - PODS;
      cluster.await("bondnetwork b0 -n scale-0", "{.status.podsLeft}", Long.toString(left)::equals);
      tell("%d pods expanded in %d s, counted %d s later", EXPANDED, made, start);
    }
    assertThat(cluster.kubectl("get", "network-attachment-definitions", "-A", "-o", "name").text())
        .satisfies(text -> assertThat(text.lines().count()).isEqualTo(BONDS + 2 * NAMESPACES));
    operator.kill();
    Instant start = Instant.now();
    // With the same name it becomes the leader again at once.
    operator =
        cluster.operator(
            "only", WEBHOOK, TestCluster.freePort(), Map.of("PODBOND_RENDER_NETWORKS", "true"));
    System.out.printf(
        "scale: started again among them in %d s%n",
        Duration.between(start, Instant.now()).toSeconds());
    // A start in the full cluster takes the most memory. It is over when every bond has been
    // assessed, including those that changed during the assessment of the others.
    for (int i = 0; i < NAMESPACES; i++) {
      cluster.apply(bond(BONDS + i));
    }
    cluster.await(
        "bondnetworks -A",
        "{.items[*].status.conditions[?(@.type==\"Ready\")].reason}",
        text -> text.split("BondReady", -1).length == BONDS + NAMESPACES + 1);
    assertThat(peakKib()).isLessThan(LIMIT_KIB);
  }

  private static void tell(String words, int count, Instant made, Instant start)
      throws IOException {
    System.out.printf(
        "scale: " + words + "; the operator has had at most %d MiB%n",
        count,
        Duration.between(start, made).toSeconds(),
        Duration.between(made, Instant.now()).toSeconds(),
        peakKib() >> 10);
    assertThat(peakKib()).isLessThan(LIMIT_KIB);
  }

  /// The operator's peak resident memory, including mapped files.
  private static long peakKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + operator.process().pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  private static void snapshot() {
    StringBuilder yaml = new StringBuilder();
    BondScene shared = BondScene.of("all");
    yaml.append(shared.policiesYaml());
    for (int i = 0; i < NODES; i++) {
      yaml.append("---\n")
          .append(
              shared
                  .withNode(BondScene.interfaces("pf0", "pf1", VFS, "all"))
                  .nodeYaml()
                  .replace("node-all", "node-" + i));
    }
    for (int i = 0; i < NAMESPACES; i++) {
      yaml.append(
          """
          ---
          apiVersion: v1
          kind: Namespace
          metadata: {name: scale-%d}
          """
              .formatted(i));
      for (int pf = 0; pf < 2; pf++) {
        yaml.append(
            """
            ---
            apiVersion: sriovnetwork.openshift.io/v1
            kind: SriovNetwork
            metadata: {name: net-%d-%d, namespace: openshift-sriov-network-operator}
            spec: {networkNamespace: scale-%d, resourceName: r%d_all}
            """
                .formatted(i, pf, i, pf));
      }
    }
    cluster.apply(yaml.toString());
  }

  private static String bond(int number) {
    int namespace = number % NAMESPACES;
    return """
    apiVersion: podbond.dev/v1alpha1
    kind: BondNetwork
    metadata: {name: b%d, namespace: scale-%d}
    spec:
      mode: active-backup
      members: [{sriovNetwork: net-%d-0}, {sriovNetwork: net-%d-1}]
      ipam: {type: whereabouts, range: 10.56.0.0/16}
    """
        .formatted(number, namespace, namespace, namespace);
  }

  /// A pod for each bond in turn, and on each node in turn.
  ///
  /// @param isExpanded whether it has the form that the webhook makes
  private static HasMetadata pod(int number, boolean isExpanded) {
    int bond = number % BONDS;
    int namespace = bond % NAMESPACES;
    String expanded =
        "scale-%1$d/net-%1$d-0@b%2$d-1, scale-%1$d/net-%1$d-1@b%2$d-2, scale-%1$d/b%2$d@b%2$d"
            .formatted(namespace, bond);
    Map<String, Quantity> devices =
        isExpanded
            ? Map.of(
                "openshift.io/r0_all", new Quantity("1"), "openshift.io/r1_all", new Quantity("1"))
            : Map.of();
    return new PodBuilder()
        .withNewMetadata()
        .withName("pod-" + number)
        .withNamespace("scale-" + namespace)
        .addToAnnotations("k8s.v1.cni.cncf.io/networks", isExpanded ? expanded : "b" + bond)
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-" + number % NODES)
        .addNewContainer()
        .withName("main")
        .withImage("registry.k8s.io/pause:3.10")
        .withNewResources()
        .addToRequests(devices)
        .addToLimits(devices)
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  private static HasMetadata object(String yaml) {
    return new KubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class);
  }

  private static void make(KubernetesClient client, int count, IntFunction<HasMetadata> object)
      throws Exception {
    Semaphore turns = new Semaphore(AT_ONCE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> made = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        HasMetadata next = object.apply(i);
        turns.acquire();
        made.add(
            threads.submit(() -> {
              try {
                client.resource(next).create();
              } finally {
                turns.release();
              }
            }));
      }
      for (Future<?> one : made) {
        one.get();
      }
    }
  }
}
