package dev.podbond.operator.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.assess.ClusterNames;
import dev.podbond.cluster.assess.NodeCapacity;
import dev.podbond.cluster.assess.Reason;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.Serialization;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class ClusterViewTest {
  private static final String BONDS = "/apis/podbond.dev/v1alpha1/bondnetworks";
  private static final String NETWORKS = "/apis/sriovnetwork.openshift.io/v1/sriovnetworks";
  private static final String SLICES = "/apis/resource.k8s.io/v1/resourceslices";
  private static final String TEMPLATES = "/apis/resource.k8s.io/v1/resourceclaimtemplates";
  private static final String BOND =
      """
      {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNetwork",
       "metadata": {"name": "%1$s", "namespace": "demo", "uid": "%1$s"},
       "spec": {"mode": "active-backup", "members": [], "ipam": %2$s}}
      """;
  private static final String POD =
      """
      {"metadata": {"name": "p", "namespace": "demo", "resourceVersion": "1",
        "managedFields": [{"fieldsV1": {"f:spec": {"k:%s": {}}}}]},
       "spec": {"nodeName": "n", "containers": [{"resources": {"requests": {"x/y": null}}}]}}
      """;

  private static final String CLAIMED =
      """
      {"metadata": {"name": "%1$s", "namespace": "%2$s", "uid": "%1$s"}, "spec": {
        "mode": "active-backup", "allocation": "dra",
        "members": [{"sriovNetwork": "vf"}, {"sriovNetwork": "vf"}]}}
      """;
  private static final String NETWORK =
      """
      {"metadata": {"name": "vf", "namespace": "demo"}, "spec": {"resourceName": "r"}}
      """;
  private static final String VF =
      """
      {"name": "%s", "attributes": {
        "k8s.cni.cncf.io/resourceName": {"string": "openshift.io/r"},
        "sriovnetwork.k8snetworkplumbingwg.io/pfPciAddress": {"string": "%s"}}}
      """;

  /// Its name is also that of its pool.
  private static final String SLICE =
      """
      {"metadata": {"name": "%2$s"}, "spec": {"driver": "sriovnetwork.k8snetworkplumbingwg.io",
        "nodeName": "%1$s", "pool": {"name": "%2$s", "generation": 1, "resourceSliceCount": 1},
        "devices": [%3$s]}}
      """;

  /// Any object that the API server has stored comes in one list with all others.
  @Test
  void oneObjectThatIsHardToReadTakesNoOtherWithIt() throws Exception {
    String deep = "{\"a\":".repeat(5000) + "1" + "}".repeat(5000);
    String longName = "{\"" + "x".repeat(60_000) + "\": 1}";
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(server.config())
                .withKubernetesSerialization(Serialization.create())
                .build();
        ClusterView view =
            new ClusterView(
                client,
                new ClusterNames("openshift.io", "podbond"),
                BondRules.DEFAULT,
                Optional.empty())) {
      server.list(
          "/apis/podbond.dev/v1alpha1/bondnetworks",
          BOND.formatted("deep", deep)
              + ","
              + BOND.formatted("long", longName)
              + ","
              + BOND.formatted("good", "{}"));
      server.list("/api/v1/pods", POD.formatted("x".repeat(60_000)));

      view.start();

      Instant end = Instant.now().plus(Duration.ofMinutes(1));
      while (view.bond("demo/good").isEmpty()) {
        assertThat(Instant.now()).isBefore(end);
        Thread.sleep(20);
      }
      assertThat(view.bond("demo/deep")).isEmpty();
      assertThat(view.bond("demo/long")).isEmpty();
    }
  }

  /// A user who may create BondNetworks may create many, each with over a megabyte.
  @Test
  void ofABondNetworkThatIsTooLargeNothingIsKeptAndOfOneNamespaceNotEverything() throws Exception {
    String large = "{\"a\": [" + "[],".repeat(300_000) + "0]}";
    String most = "{\"a\": [" + "[],".repeat(1900) + "0]}";
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(server.config())
                .withKubernetesSerialization(Serialization.create())
                .build();
        ClusterView view =
            new ClusterView(
                client,
                new ClusterNames("openshift.io", "podbond"),
                BondRules.DEFAULT,
                Optional.empty())) {
      List<Supplier<String>> stored = new ArrayList<>();
      stored.add(() -> BOND.formatted("large", large));
      for (int i = 0; i < 100; i++) {
        String name = "b" + i;
        stored.add(() -> BOND.formatted(name, most));
      }
      stored.add(() -> BOND.formatted("good", "{}").replace("\"demo\"", "\"other\""));
      server.list(BONDS, stored);

      view.start();

      Instant end = Instant.now().plus(Duration.ofMinutes(1));
      while (view.bond("other/good").isEmpty()) {
        assertThat(Instant.now()).isBefore(end);
        Thread.sleep(20);
      }
      assertThat(view.bond("demo/large")).isEmpty();
      assertThat(view.bond("demo/b0")).isPresent();
      assertThat(view.bond("demo/b99")).isEmpty();
    }
  }

  /// Whatever else is in them: other drivers' devices, claims that have none, slices that no driver
  /// should write.
  @Test
  void whatSlicesTellOfAndClaimsDoNotHaveIsLeft() throws Exception {
    String claim =
        """
        {"metadata": {"name": "%s", "namespace": "demo"}, "status": {"allocation": {"devices":
          {"results": [{"driver": "sriovnetwork.k8snetworkplumbingwg.io", "pool": "p",
            "device": "a0"}]}}}}
        """;
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client = client(server);
        ClusterView view = claimedView(client)) {
      server.list(BONDS, CLAIMED.formatted("b", "demo"));
      server.list(NETWORKS, NETWORK);
      server.list(
          SLICES,
          SLICE.formatted(
                  "n",
                  "p",
                  String.join(
                      ",",
                      VF.formatted("a0", "1"),
                      VF.formatted("a1", "1"),
                      VF.formatted("b0", "2"),
                      VF.formatted("b1", "2")))
              + ","
              + SLICE.formatted("n", "large", "{\"a\": [" + "[],".repeat(50_000) + "0]}"));
      server.list(
          "/apis/resource.k8s.io/v1/resourceclaims",
          claim.formatted("has")
              + ",{\"metadata\": {\"name\": \"none\", \"namespace\": \"demo\"}, \"spec\": {}}");

      view.start();

      awaitNodes(view, new NodeCapacity("n", 2, 1));
    }
  }

  /// A driver that has been taken over may write any number.
  @Test
  void ofTheSlicesOfANodeAtMost64AreKept() throws Exception {
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client = client(server);
        ClusterView view = claimedView(client)) {
      server.list(BONDS, CLAIMED.formatted("b", "demo"));
      server.list(NETWORKS, NETWORK);
      String two = VF.formatted("a", "1") + "," + VF.formatted("b", "2");
      List<Supplier<String>> stored = new ArrayList<>();
      for (int i = 0; i < 70; i++) {
        String name = "p" + i;
        stored.add(() -> SLICE.formatted("n", name, two));
      }
      stored.add(() -> SLICE.formatted("other", "q", two));
      server.list(SLICES, stored);

      view.start();

      awaitNodes(view, new NodeCapacity("n", 64, 64), new NodeCapacity("other", 1, 1));
    }
  }

  /// Anybody may make templates in his own namespace.
  @Test
  void aTemplateHasOnlyTheBondsOfItsNamespaceLookedAt() throws Exception {
    String template =
        """
        {"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaimTemplate",
         "metadata": {"name": "%1$s", "namespace": "%2$s", "uid": "%1$s", "resourceVersion": "2"},
         "spec": {"spec": {}}}
        """;
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client = client(server);
        ClusterView view = claimedView(client)) {
      server.list(BONDS, CLAIMED.formatted("b", "demo") + "," + CLAIMED.formatted("c", "other"));
      List<String> looked = new CopyOnWriteArrayList<>();
      view.listen(bond -> looked.add(bond.path()));
      view.start();
      await(() -> looked.containsAll(List.of("demo/b", "other/c")));
      looked.clear();

      for (int i = 0; i < 20; i++) {
        server.tell(TEMPLATES, "ADDED", template.formatted("t" + i, "other"));
      }
      server.tell(TEMPLATES, "ADDED", template.formatted("last", "demo"));

      await(() -> looked.contains("demo/b"));
      assertThat(looked).containsOnlyOnce("demo/b").hasSize(21);
    }
  }

  /// What a bond needs of switch ports concerns another once both have VFs of the same PFs.
  @Test
  void aNetworkThatComesAfterTwoBondsHasTheOtherOneLookedAtAgain() throws Exception {
    String bond =
        """
        {"metadata": {"name": "%1$s", "namespace": "demo", "uid": "%1$s"}, "spec": {
          "mode": "%2$s", "members": [{"sriovNetwork": "%1$s-0"}, {"sriovNetwork": "%1$s-1"}]}}
        """;
    String network =
        """
        {"apiVersion": "sriovnetwork.openshift.io/v1", "kind": "SriovNetwork",
         "metadata": {"name": "%s", "namespace": "demo", "uid": "%1$s", "resourceVersion": "2"},
         "spec": {"resourceName": "r"}}
        """;
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client = client(server);
        ClusterView view = claimedView(client)) {
      server.list(BONDS, bond.formatted("a", "active-backup") + "," + bond.formatted("b", "lacp"));
      server.list(NETWORKS, network.formatted("a-0") + "," + network.formatted("a-1"));
      List<String> looked = new CopyOnWriteArrayList<>();
      view.listen(seen -> looked.add(seen.path()));
      view.start();
      await(() -> looked.containsAll(List.of("demo/a", "demo/b")));
      assertThat(isMixed(view)).isFalse();
      looked.clear();

      server.tell(NETWORKS, "ADDED", network.formatted("b-0"));

      await(() -> looked.contains("demo/a"));
      assertThat(isMixed(view)).isTrue();
    }
  }

  private static boolean isMixed(ClusterView view) {
    return view.bond("demo/a").stream()
        .flatMap(bond -> view.assess(bond).findings().stream())
        .anyMatch(finding -> finding.reason() == Reason.SWITCH_LAG_MIXED);
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (!wanted.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(20);
    }
  }

  private static KubernetesClient client(FakeApiServer server) {
    return new KubernetesClientBuilder()
        .withConfig(server.config())
        .withKubernetesSerialization(Serialization.create())
        .build();
  }

  private static ClusterView claimedView(KubernetesClient client) {
    return new ClusterView(
        client,
        new ClusterNames("openshift.io", "podbond"),
        BondRules.DEFAULT,
        Optional.of(new ClaimRules("class", true)));
  }

  private static void awaitNodes(ClusterView view, NodeCapacity... expected)
      throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (view.bond("demo/b").isEmpty() || !nodes(view).equals(List.of(expected))) {
      assertThat(Instant.now()).as(() -> nodes(view).toString()).isBefore(end);
      Thread.sleep(20);
    }
  }

  private static List<NodeCapacity> nodes(ClusterView view) {
    return view.bond("demo/b").map(bond -> view.assess(bond).nodes()).orElse(List.of());
  }
}
