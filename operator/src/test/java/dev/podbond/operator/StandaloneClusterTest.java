package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The operator in place of the SR-IOV Network Operator, and never beside it.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StandaloneClusterTest {
  private static final int WEBHOOK = TestCluster.freePort();
  private static final Map<String, String> RENDERING =
      Map.of("PODBOND_RENDER_NETWORKS", "true", "PODBOND_PUBLISH_POLICIES", "true");
  private static final String[] VALUES = {
    "webhook.url=https://localhost:" + WEBHOOK,
    "standalone.renderNetworks=true",
    "standalone.makeVfs=true"
  };
  private static final String NETWORK =
      """
      apiVersion: sriovnetwork.openshift.io/v1
      kind: SriovNetwork
      metadata: {name: net, namespace: openshift-sriov-network-operator}
      spec: {networkNamespace: %s, resourceName: pool, vlan: %d}
      """;
  private static final String ATTACHMENT = "network-attachment-definition net -n first";
  private static final String OWNER =
      "{.metadata.annotations.sriovnetwork\\.openshift\\.io/owner-ref}";

  @TempDir static Path directory;
  private static TestCluster cluster;
  private static TestCluster.OperatorProcess operator;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.install(VALUES);
    cluster.kubectl("create", "namespace", "first");
    operator = cluster.operator("only", WEBHOOK, TestCluster.freePort(), RENDERING);
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void rendersAsTheOtherOperatorDoes() {
    cluster.apply(NETWORK.formatted("first", 3));

    assertThat(cluster.await(ATTACHMENT, "{.spec.config}", text -> text.contains("vlan")))
        .isEqualTo(
            "{ \"cniVersion\":\"1.0.0\", \"name\":\"net\",\"type\":\"sriov\",\"vlan\":3,"
                + "\"vlanQoS\":0,\"logLevel\":\"info\",\"ipam\":{} }");
    assertThat(cluster.await(ATTACHMENT, OWNER, text -> !text.isEmpty()))
        .isEqualTo("SriovNetwork.sriovnetwork.openshift.io/openshift-sriov-network-operator/net");
  }

  @Test
  @Order(2)
  void followsTheNetworkAndTakesBackWhatOthersWrite() {
    cluster.apply(NETWORK.formatted("first", 4));
    cluster.await(ATTACHMENT, "{.spec.config}", text -> text.contains("\"vlan\":4"));
    cluster.kubectl(
        "patch",
        "network-attachment-definition",
        "net",
        "-n",
        "first",
        "--type=merge",
        "-p={\"spec\": {\"config\": \"{}\"}}");
    cluster.await(ATTACHMENT, "{.spec.config}", text -> text.contains("\"vlan\":4"));
    cluster.kubectl("delete", "network-attachment-definition", "net", "-n", "first");
    cluster.await(ATTACHMENT, "{.spec.config}", text -> text.contains("\"vlan\":4"));
  }

  /// Also into a namespace that is created later.
  @Test
  @Order(3)
  void movesToAnotherNamespace() {
    cluster.apply(NETWORK.formatted("later", 4));
    cluster.await(
        "network-attachment-definitions -n first", "{.items[*].metadata.name}", String::isEmpty);

    cluster.kubectl("create", "namespace", "later");

    cluster.await(
        "network-attachment-definition net -n later", "{.spec.config}", text -> text.contains("4"));
  }

  @Test
  @Order(4)
  void leavesAnAttachmentOfSomebodyElseAlone() {
    cluster.apply(
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: net, namespace: first}
        spec: {config: '{"type": "macvlan"}'}
        """);
    cluster.apply(NETWORK.formatted("first", 5));

    cluster.await(
        "network-attachment-definitions -n later", "{.items[*].metadata.name}", String::isEmpty);
    TestCluster.awaitLog(operator, "that has no owner");
    assertThat(cluster.await(ATTACHMENT, "{.spec.config}", text -> !text.isEmpty()))
        .contains("macvlan");
    cluster.kubectl("delete", "network-attachment-definition", "net", "-n", "first");
    cluster.await(ATTACHMENT, "{.spec.config}", text -> text.contains("\"vlan\":5"));
  }

  /// A user with rights to write SriovNetworks in one namespace must not write to all others.
  @Test
  @Order(4)
  void rendersIntoAnotherNamespaceOnlyFromTheOperators() {
    String networks =
        """
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovNetwork
        metadata: {name: foreign, namespace: first}
        spec: {networkNamespace: podbond, resourceName: pool}
        ---
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovNetwork
        metadata: {name: own, namespace: first}
        spec: {resourceName: pool}
        """;
    cluster.apply(networks);

    cluster.await(
        "network-attachment-definitions own -n first", "{.spec.config}", text -> !text.isEmpty());
    TestCluster.awaitLog(
        operator, "SriovNetwork first/foreign is not rendered", "or say where the operator runs");
    assertThat(
            cluster.await(
                "network-attachment-definitions -n podbond",
                "{.items[*].metadata.name}",
                _ -> true))
        .isEmpty();
    cluster.delete(networks);
    cluster.await(
        "network-attachment-definitions -n first",
        "{.items[*].metadata.name}",
        text -> !text.contains("own"));
  }

  /// An attachment whose network was deleted while no operator ran is deleted once one runs.
  @Test
  @Order(5)
  void clearsUpAfterARestart() {
    operator.kill();
    cluster.kubectl("delete", "sriovnetwork", "net", "-n", "openshift-sriov-network-operator");

    // With the same name it becomes the leader again at once.
    operator = cluster.operator("only", WEBHOOK, TestCluster.freePort(), RENDERING);

    cluster.await(
        "network-attachment-definitions -n first", "{.items[*].metadata.name}", String::isEmpty);
  }

  @Test
  @Order(6)
  void tellsTheNodesWhichPoliciesAreForThem() {
    for (String node : new String[] {"n1", "n2"}) {
      cluster.apply(
          """
          apiVersion: v1
          kind: Node
          metadata: {name: %s, labels: {sriov: "%s"}}
          """
              .formatted(node, node.equals("n1")));
    }
    cluster.apply(
        """
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovNetworkNodePolicy
        metadata: {name: labelled, namespace: openshift-sriov-network-operator}
        spec:
          resourceName: pool
          nodeSelector: {sriov: "true"}
          numVfs: 4
          nicSelector: {pfNames: [pf0]}
        """);
    awaitNodes("n1");

    cluster.kubectl("label", "node", "n2", "sriov=true", "--overwrite");
    awaitNodes("n1,n2");

    // An upgrade must not look as if all policies were deleted: nodes would remove their VFs.
    cluster.apply(cluster.chart(VALUES));
    awaitNodes("n1,n2");

    cluster.kubectl(
        "delete", "sriovnetworknodepolicy", "labelled", "-n", "openshift-sriov-network-operator");
    cluster.await(
        "configmap podbond-node-policies -n podbond",
        "{.data.policies\\.json}",
        text -> text.contains("\"items\":[]"));
  }

  private static void awaitNodes(String names) {
    cluster.await(
        "configmap podbond-node-policies -n podbond",
        "{.data.policies\\.json}",
        text -> text.contains("\"podbond.dev/nodes\":\"" + names + "\""));
  }

  @Test
  @Order(7)
  void endsWhenTheOtherOperatorArrivesAndDoesNotStartBesideIt() throws Exception {
    cluster.apply(
        """
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovOperatorConfig
        metadata: {name: default, namespace: openshift-sriov-network-operator}
        spec: {}
        """);

    assertThat(operator.process().waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(operator.process().exitValue()).isEqualTo(1);
    TestCluster.OperatorProcess next =
        cluster.start("refused", WEBHOOK, TestCluster.freePort(), RENDERING);
    assertThat(next.process().waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(next.process().exitValue()).isEqualTo(1);
    assertThat(TestCluster.read(next.log()))
        .contains("SriovOperatorConfig openshift-sriov-network-operator/default", "standalone.*");
    // Without those settings it does not object.
    cluster.operator("content", WEBHOOK, TestCluster.freePort(), Map.of());
  }
}
