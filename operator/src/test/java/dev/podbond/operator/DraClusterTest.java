package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Pods that claim the VFs of their bond, placed by a real scheduler. The test plays the part of
/// the VFs' driver: it writes ResourceSlices with the attributes that dra-driver-sriov gives to a
/// VF. No kubelet runs, so no pod starts; it is placed or waits. Until the scheduler is one that
/// compares devices, each PF has a pool of its own.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DraClusterTest {
  private static final int WEBHOOK = TestCluster.freePort();
  private static final String ACCOUNT = "--as=system:serviceaccount:podbond:podbond-operator";
  private static final String DRIVER = "sriovnetwork.k8snetworkplumbingwg.io";
  private static final String BOND = "bondnetwork storage -n demo";

  /// Of the only node, four VFs are on the one PF, and two on the other.
  private static final Map<String, Integer> VFS = Map.of("pf0", 4, "pf1", 2);

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: demo, labels: {resource.kubernetes.io/admin-access: "true"}}
      ---
      apiVersion: resource.k8s.io/v1
      kind: DeviceClass
      metadata: {name: %1$s}
      spec:
        selectors:
        - cel: {expression: 'device.driver == "%1$s"'}
      """
          .formatted(DRIVER);

  private static final String NETWORK =
      """
      ---
      apiVersion: sriovnetwork.openshift.io/v1
      kind: SriovNetwork
      metadata: {name: vf%1$d, namespace: openshift-sriov-network-operator}
      spec: {resourceName: pool%1$d, networkNamespace: demo, linkState: auto}
      ---
      apiVersion: k8s.cni.cncf.io/v1
      kind: NetworkAttachmentDefinition
      metadata:
        name: vf%1$d
        namespace: demo
        annotations: {k8s.v1.cni.cncf.io/resourceName: openshift.io/pool%1$d}
      spec: {config: '{"cniVersion": "1.0.0", "name": "vf", "type": "sriov", "ipam": {}}'}
      """;

  @TempDir static Path directory;
  private static TestCluster cluster;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.placePods();
    cluster.install("webhook.url=https://localhost:" + WEBHOOK, "dra.enabled=true");
    cluster.apply(OBJECTS + NETWORK.formatted(0) + NETWORK.formatted(1));
    cluster.apply(node());
    cluster.kubectl(
        "patch",
        "node",
        "n1",
        "--subresource=status",
        "--type=merge",
        "-p={\"status\": {\"allocatable\": {\"cpu\": \"8\", \"memory\": \"16Gi\", \"pods\":"
            + " \"100\"}}}");
    // Admission has added that it is not ready, which nobody takes away here.
    cluster.kubectl("patch", "node", "n1", "--type=merge", "-p={\"spec\": {\"taints\": null}}");
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Order(1)
  void refusesPodsWhereTheOwnerHasNotEnabledIt() {
    TestCluster.OperatorProcess operator =
        cluster.operator("without", WEBHOOK, TestCluster.freePort(), Map.of());
    cluster.apply(bond("storage", "vf1", ""));

    awaitReady("False:DraNotEnabled");
    assertThat(refused(pod("p", "storage"))).contains("install the chart with dra.enabled: true");

    operator.kill();
  }

  @Test
  @Order(2)
  void aPodWaitsUntilTheDriverTellsOfVfs() {
    cluster.operator("with", WEBHOOK, TestCluster.freePort(), Map.of("PODBOND_DRA", "true"));
    awaitReady("False:NoDevices");
    cluster.apply(pod("p1", "storage"));

    cluster.apply(slice(1, Map.of("pf0", "pool0", "pf1", "pool1")));

    awaitReady("True:BondReady");
    cluster.await("pod p1 -n demo", "{.spec.nodeName}", "n1"::equals);
  }

  @Test
  @Order(3)
  void eachPodHasVfsOfTwoPfs() {
    assertThat(
            cluster.await(
                "pod p1 -n demo",
                "{.metadata.annotations.k8s\\.v1\\.cni\\.cncf\\.io/networks}",
                text -> !text.isEmpty()))
        .isEqualTo("demo/vf0@storage-1, demo/vf1@storage-2, demo/storage@storage");
    cluster.await(BOND, "{.status.podsLeft}", "1"::equals);
    cluster.apply(pod("p2", "storage"));
    cluster.await("pod p2 -n demo", "{.spec.nodeName}", "n1"::equals);

    assertThat(pfs("p1", "storage")).containsExactly("pf0", "pf1");
    assertThat(pfs("p2", "storage")).containsExactly("pf0", "pf1");
    assertThat(cluster.await(BOND, "{.status.allocation.distinct}", text -> !text.isEmpty()))
        .isEqualTo("pf");
  }

  /// Two VFs are free, both of one PF.
  @Test
  @Order(4)
  void aPodForWhichOnlyOnePfHasVfsWaitsAndTheReasonIsSaid() {
    cluster.await(BOND, "{.status.podsLeft}", "0"::equals);
    cluster.await(
        BOND, "{.status.conditions[?(@.type==\"Degraded\")].reason}", "NoCapacity"::equals);
    cluster.apply(pod("p3", "storage"));

    awaitNoDevices("p3");
  }

  @Test
  @Order(5)
  void aPodThatGoesLeavesItsVfsToTheOneThatWaits() {
    cluster.delete(pod("p1", "storage"));

    cluster.await("pod p3 -n demo", "{.spec.nodeName}", "n1"::equals);
    assertThat(pfs("p3", "storage")).containsExactly("pf0", "pf1");
  }

  /// Multus would put the VFs of both together.
  @Test
  @Order(6)
  void refusesAPodWithTwoBondsOfOnePool() {
    cluster.apply(bond("backup", "vf1", ""));
    cluster.await(
        "bondnetwork backup -n demo",
        "{.status.conditions[?(@.type==\"Ready\")].status}",
        "True"::equals);

    assertThat(refused(pod("two", "storage,backup")))
        .contains("both take VFs of the resource openshift.io/pool0");
  }

  @Test
  @Order(7)
  void aChangedBondHasAnotherTemplateAndTheEarlierOneStaysForPodsThatWait() {
    String before =
        cluster.await(BOND, "{.status.allocation.resourceClaimTemplate}", text -> !text.isEmpty());
    cluster.apply(bond("storage", "vf1", "sameNumaNode: true"));
    String now =
        cluster.await(
            BOND,
            "{.status.allocation.resourceClaimTemplate}",
            text -> !text.isEmpty() && !text.equals(before));

    assertThat(
            cluster.await(
                "resourceclaimtemplate " + now + " -n demo",
                "{.spec.spec.devices.constraints[*]}",
                text -> !text.isEmpty()))
        .contains("dra.net/numaNode");
    assertThat(cluster.kubectl("get", "resourceclaimtemplate", before, "-n", "demo").status())
        .isZero();
  }

  /// What an attacker who controls the operator can have pods claim.
  @Test
  @Order(8)
  void theOperatorMakesNoOtherTemplates() {
    String own =
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceClaimTemplate
        metadata:
          name: any
          namespace: demo
          ownerReferences: [{apiVersion: podbond.dev/v1alpha1, kind: BondNetwork, name: storage, uid: u}]
        spec:
          spec:
            devices:
              requests: [{name: a, exactly: {deviceClassName: %s}}]
        """
            .formatted(DRIVER);
    cluster.apply(own.replace("BondNetwork, name", "ConfigMap, name").replace("any", "another"));

    TestCluster.Output written = asOperator(own);
    assertThat(written.status()).as(written.text()).isZero();
    for (String other :
        List.of(
            own.replace("kind: BondNetwork", "kind: ConfigMap"),
            own.replace("deviceClassName: " + DRIVER, "deviceClassName: gpu.example.com"),
            own.replace(DRIVER + "}", DRIVER + ", adminAccess: true}"),
            own
                + "      config: [{opaque: {driver: "
                + DRIVER
                + ", parameters: {addVhostMount: true}}}]\n")) {
      assertThat(asOperator(other).text())
          .as(other)
          .contains("ValidatingAdmissionPolicy 'podbond-operator-claims'");
    }
    assertThat(
            cluster
                .kubectl(
                    "delete",
                    "resourceclaimtemplate",
                    "another",
                    "-n",
                    "demo",
                    "--dry-run=server",
                    ACCOUNT)
                .text())
        .contains("ValidatingAdmissionPolicy 'podbond-operator-claims'");
  }

  /// From 1.36 on, unless somebody turns it off.
  @Test
  @Order(9)
  void onePoolIsEnough() {
    cluster.apply(bond("pooled", "vf0", ""));
    cluster.delete(pod("p2", "storage"));
    cluster.delete(pod("p3", "storage"));
    cluster.apply(slice(2, Map.of("pf0", "pool0", "pf1", "pool0")));
    cluster.await("bondnetwork pooled -n demo", "{.status.podsLeft}", "2"::equals);
    for (String name : List.of("p4", "p5")) {
      cluster.apply(pod(name, "pooled"));
      cluster.await("pod " + name + " -n demo", "{.spec.nodeName}", "n1"::equals);
      assertThat(pfs(name, "pooled")).containsExactly("pf0", "pf1");
    }
  }

  /// Two VFs of the pool are free, both of one PF: as many as a pod needs, but not for this one.
  @Test
  @Order(10)
  void ofOnePoolAPodWaitsForTheSecondPf() {
    cluster.await("bondnetwork pooled -n demo", "{.status.podsLeft}", "0"::equals);
    cluster.apply(pod("p6", "pooled"));
    awaitNoDevices("p6");

    cluster.delete(pod("p4", "pooled"));

    cluster.await("pod p6 -n demo", "{.spec.nodeName}", "n1"::equals);
    assertThat(pfs("p6", "pooled")).containsExactly("pf0", "pf1");
  }

  /// Both PFs are below one PCIe root.
  @Test
  @Order(11)
  void twoCardsAreNotFoundBelowOnePcieRoot() {
    cluster.delete(pod("p5", "pooled"));
    cluster.apply(bond("cards", "vf0", "distinct: card"));
    cluster.await(
        "bondnetwork cards -n demo",
        "{.status.conditions[?(@.type==\"Ready\")].reason}",
        "NoDevices"::equals);
    cluster.apply(pod("p7", "cards"));

    awaitNoDevices("p7");
    cluster.delete(pod("p7", "cards"));
  }

  /// Where DeviceClasses stand for the resources that bonds have requested ever since. Each PF has
  /// a class, as nothing compares the devices of two classes.
  @Test
  @Order(12)
  void aBondWithoutClaimsTakesItsVfsFromDeviceClassesOfItsResources() {
    cluster.apply(
        NETWORK.formatted(2)
            + NETWORK.formatted(3)
            + standIn(2)
            + standIn(3)
            + bond("requested", "vf3", "")
                .replace("sriovNetwork: vf0", "sriovNetwork: vf2")
                .replace("allocation: dra", ""));
    cluster.apply(slice(3, Map.of("pf0", "pool2", "pf1", "pool3")));
    cluster.await(
        "bondnetwork requested -n demo",
        "{.status.conditions[?(@.type==\"Ready\")].status}",
        "True"::equals);

    cluster.apply(pod("p8", "requested"));

    cluster.await("pod p8 -n demo", "{.spec.nodeName}", "n1"::equals);
    assertThat(
            cluster.await(
                "pod p8 -n demo",
                "{.spec.resourceClaims}{.spec.containers[0].resources.limits}",
                text -> !text.isEmpty()))
        .isEqualTo("{\"openshift.io/pool2\":\"1\",\"openshift.io/pool3\":\"1\"}");
    assertThat(pfsOf("p8", "{.status.extendedResourceClaimStatus.resourceClaimName}"))
        .containsExactly("pf0", "pf1");
  }

  private static TestCluster.Output asOperator(String yaml) {
    return cluster.tryCreate(yaml, ACCOUNT, "--dry-run=server");
  }

  private static void awaitReady(String expected) {
    cluster.await(
        BOND,
        "{.status.conditions[?(@.type==\"Ready\")].status}:"
            + "{.status.conditions[?(@.type==\"Ready\")].reason}",
        expected::equals);
  }

  /// Before the claim of a pod is made, the scheduler says that there is none.
  private static void awaitNoDevices(String pod) {
    cluster.await(
        "pod " + pod + " -n demo",
        "{.status.conditions[?(@.type==\"PodScheduled\")].message}",
        text -> text.contains("cannot allocate all claims"));
  }

  private static String refused(String pod) {
    TestCluster.Output output = cluster.tryApply(pod);
    assertThat(output.status()).as(output.text()).isNotZero();
    return output.text();
  }

  /// The PFs of the VFs that a pod claims.
  private static Set<String> pfs(String pod, String bond) {
    return pfsOf(
        pod,
        "{.status.resourceClaimStatuses[?(@.name==\"podbond-" + bond + "\")].resourceClaimName}");
  }

  /// @param named where in the pod the name of its ResourceClaim is
  private static Set<String> pfsOf(String pod, String named) {
    String claim = cluster.await("pod " + pod + " -n demo", named, text -> !text.isEmpty());
    String devices =
        cluster.await(
            "resourceclaim " + claim + " -n demo",
            "{.status.allocation.devices.results[*].device}",
            text -> !text.isEmpty());
    assertThat(devices.split(" ")).hasSize(2);
    return List.of(devices.split(" ")).stream()
        .map(device -> device.substring(0, 3))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Its first member is a VF of the network vf0.
  private static String bond(String name, String second, String more) {
    return """
    apiVersion: podbond.dev/v1alpha1
    kind: BondNetwork
    metadata: {name: %s, namespace: demo}
    spec:
      mode: active-backup
      members: [{sriovNetwork: vf0}, {sriovNetwork: %s}]
      allocation: dra
      %s
    """
        .formatted(name, second, more);
  }

  private static String pod(String name, String networks) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      namespace: demo
      annotations: {k8s.v1.cni.cncf.io/networks: '%s'}
    spec:
      containers: [{name: main, image: "registry.k8s.io/pause:3.10"}]
    """
        .formatted(name, networks);
  }

  /// A policy that makes a resource, and the DeviceClass from which the scheduler takes it.
  private static String standIn(int pool) {
    return """
    ---
    apiVersion: sriovnetwork.openshift.io/v1
    kind: SriovNetworkNodePolicy
    metadata: {name: pool%1$d, namespace: openshift-sriov-network-operator}
    spec:
      resourceName: pool%1$d
      nodeSelector: {}
      numVfs: 4
      nicSelector: {pfNames: [pf%2$d]}
    ---
    apiVersion: resource.k8s.io/v1
    kind: DeviceClass
    metadata: {name: pool%1$d}
    spec:
      extendedResourceName: openshift.io/pool%1$d
      selectors:
      - cel:
          expression: >-
            device.driver == "%3$s"
            && "resourceName" in device.attributes["k8s.cni.cncf.io"]
            && device.attributes["k8s.cni.cncf.io"].resourceName == "openshift.io/pool%1$d"
    ---
    """
        .formatted(pool, pool - 2, DRIVER);
  }

  private static String node() {
    return """
    apiVersion: v1
    kind: Node
    metadata: {name: n1, labels: {kubernetes.io/hostname: n1}}
    """;
  }

  /// @param pools the resource of each PF's VFs
  private static String slice(int generation, Map<String, String> pools) {
    return """
    apiVersion: resource.k8s.io/v1
    kind: ResourceSlice
    metadata: {name: n1-vfs}
    spec:
      driver: %s
      nodeName: n1
      pool: {name: n1, generation: %d, resourceSliceCount: 1}
      devices:
    """
            .formatted(DRIVER, generation)
        + VFS.entrySet().stream()
            .flatMap(pf ->
                IntStream.range(0, pf.getValue())
                    .mapToObj(vf -> device(pf.getKey(), vf, pools.getOrDefault(pf.getKey(), ""))))
            .collect(Collectors.joining());
  }

  /// The attributes of a VF in the driver's discovery.
  private static String device(String pf, int vf, String pool) {
    return """
      - name: %1$s-%3$d
        attributes:
          dra.net/numaNode: {int: 0}
          k8s.cni.cncf.io/deviceID: {string: "0000:0%2$d:10.%3$d"}
          k8s.cni.cncf.io/resourceName: {string: openshift.io/%5$s}
          resource.kubernetes.io/pciBusID: {string: "0000:0%2$d:10.%3$d"}
          resource.kubernetes.io/pcieRoot: {string: "pci0000:00"}
          %4$s/EswitchMode: {string: legacy}
          %4$s/PFName: {string: %1$s}
          %4$s/deviceID: {string: "1520"}
          %4$s/linkType: {string: ethernet}
          %4$s/pciAddress: {string: "0000:0%2$d:10.%3$d"}
          %4$s/pfDeviceID: {string: "10c9"}
          %4$s/pfPciAddress: {string: "0000:0%2$d:00.0"}
          %4$s/rdmaCapable: {bool: false}
          %4$s/vendor: {string: "8086"}
          %4$s/vfID: {int: %3$d}
    """
        .formatted(pf, pf.charAt(2) - '0' + 1, vf, DRIVER, pool);
  }
}
