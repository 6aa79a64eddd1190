package dev.podbond.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlObjects;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectReaderTest {
  private static final String POLICY =
      """
      apiVersion: sriovnetwork.openshift.io/v1
      kind: SriovNetworkNodePolicy
      metadata:
        name: p
        namespace: openshift-sriov-network-operator
      spec:
        resourceName: r
        numVfs: 4
        nicSelector:
          pfNames: ["pf0#1-2", "pf1"]
          vendor: "8086"
          rootDevices: ["0000:01:00.0"]
      """;

  private static final String NETWORK =
      """
      apiVersion: sriovnetwork.openshift.io/v1
      kind: SriovNetwork
      metadata:
        name: net
        namespace: openshift-sriov-network-operator
      spec:
        resourceName: r
      """;

  @Test
  void readsEveryFieldOfAPolicy() throws Exception {
    NodePolicy policy = (NodePolicy) one(POLICY + "  mtu: 9000\n  priority: 7\n");

    assertThat(policy.key())
        .hasToString("SriovNetworkNodePolicy openshift-sriov-network-operator/p");
    assertThat(policy.numVfs()).isEqualTo(4);
    assertThat(policy.priority()).isEqualTo(7);
    assertThat(policy.mtuBytes()).isEqualTo(OptionalInt.of(9000));
    assertThat(policy.nicSelector().vendorId()).isEqualTo(OptionalInt.of(0x8086));
    assertThat(policy.nicSelector().pfNames())
        .containsExactly(
            new PfName("pf0", Optional.of(new VfRange(1, 2))), new PfName("pf1", Optional.empty()));
  }

  @Test
  void givesAPolicyTheWeakestPriorityByDefault() throws Exception {
    assertThat(((NodePolicy) one(POLICY)).priority()).isEqualTo(99);
  }

  @Test
  void readsSeveralDocumentsAndTheirLines() throws Exception {
    List<ClusterObject> objects = YamlObjects.read("f.yaml", POLICY + "---\n" + NETWORK);

    assertThat(objects)
        .extracting(o -> o.source().toString())
        .containsExactly("f.yaml:1", "f.yaml:14");
  }

  @Test
  void readsTheItemsOfAList() throws Exception {
    String list =
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}},
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b"}}]}
        """;

    assertThat(YamlObjects.read("l.json", list))
        .extracting(o -> o.key().path())
        .containsExactly("a", "b");
  }

  @Test
  void putsThePodsNamespaceToDefault() throws Exception {
    assertThat(one("apiVersion: v1\nkind: Pod\nmetadata: {name: x}").key())
        .hasToString("Pod default/x");
  }

  @Test
  void restoresWhatItKept() throws Exception {
    ClusterObject read = one(POLICY);

    NodePolicy restored = (NodePolicy) ObjectReader.restore(read.manifest(), "store");

    assertThat(restored.nicSelector()).isEqualTo(((NodePolicy) read).nicSelector());
    assertThat(restored.manifest()).isEqualTo(read.manifest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          numVfs: 4               | numVfs: 0                  | f.yaml:8: SriovNetworkNodePolicy openshift-sriov-network-operator/p: spec.numVfs: 0 is not a whole number of at least 1
          numVfs: 4               | numVfs: "4"                | spec.numVfs: "4" is not a whole number of at least 1
          resourceName: r         | resourceName: -a           | spec.resourceName: "-a" is not a resource name: letters, digits, '_' and '-' between them, 63 at most
          resourceName: r         | resourceName: a-           | spec.resourceName: "a-" is not a resource name
          resourceName: r         | resourceName: a/b          | spec.resourceName: "a/b" is not a resource name
          resourceName: r         | resourcename: r            | unknown field spec.resourcename
          pf0#1-2                 | pf0#2-1                    | "pf0#2-1" is neither a PF, like ens1f0, nor VFs
          pf0#1-2                 | pf0#1-4                    | pf0#1-4 goes beyond the last VF: with numVfs 4 that is 3
          vendor: "8086"          | vendor: "80860"            | is not a PCI id
          vendor: "8086"          | vendor: 8086               | a string belongs here, found the number 8086; put it in quotes
          0000:01:00.0            | 01:00                      | is not a PCI address
          numVfs: 4               | numVfs: 4, deviceType: vfio-pci | vfio-pci has no interface
          kind: SriovNetworkNodePolicy | kind: SriovIBNetwork  | f.yaml:2: object: kind: SriovIBNetwork is not taken
          kind: SriovNetworkNodePolicy | kind: BondNetwork     | f.yaml:2: object: kind: BondNetwork is not taken; in a cluster it is carried out by the operator; here apply
          sriovnetwork.openshift.io/v1 | sriovnetwork.openshift.io/v2 | has no SriovNetworkNodePolicy; write sriovnetwork.openshift.io/v1
          name: p                 | name: P_                   | f.yaml:4: SriovNetworkNodePolicy: metadata.name: "P_" is not a name for Kubernetes
          """)
  void refusesAPolicyByFileLineAndObject(String found, String replaced, String message) {
    String text = POLICY.replace(found, replaced.replace(", ", "\n  "));

    assertThatThrownBy(() -> one(text))
        .isInstanceOf(LocatedException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith("f.yaml:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spoofChk: off           | Kubernetes reads the bare word off as a boolean; put it in quotes
          trust: "yes please"     | "yes please" is not one of on, off
          linkState: up           | "up" is not one of auto, enable, disable
          vlan: 4097              | 4097 is not a whole number from 0 to 4096
          vlanQoS: 8              | 8 is not a whole number from 0 to 7
          logLevel: loud          | "loud" is not one of panic, error, warning, info, debug
          """)
  void refusesANetwork(String line, String message) {
    assertThatThrownBy(() -> one(NETWORK + "  " + line)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sriov-rdma-vf", "a--b", "_a", "A_1-x"})
  void aResourceMayHaveHyphensInItsName(String name) throws Exception {
    NodePolicy policy =
        (NodePolicy) one(POLICY.replace("resourceName: r", "resourceName: " + name));
    SriovNetwork network =
        (SriovNetwork) one(NETWORK.replace("resourceName: r", "resourceName: " + name));

    assertThat(policy.resourceName()).isEqualTo(name);
    assertThat(network.resourceName()).isEqualTo(name);
  }

  @Test
  void refusesAForeignNamespaceToANetworkOutsideTheOperatorsOwn() throws Exception {
    SriovNetwork network =
        (SriovNetwork)
            one(
                NETWORK.replace("openshift-sriov-network-operator", "demo")
                    + "  networkNamespace: other");

    assertThatThrownBy(() -> OperatorNamespaces.DEFAULT.requireTarget(network))
        .hasMessageContaining("only a SriovNetwork in the operator's namespace may name another")
        .hasMessageContaining("openshift-sriov-network-operator or sriov-network-operator");
    OperatorNamespaces.parse("nvidia-network-operator,demo").requireTarget(network);
  }

  @Test
  void whereThereArePoliciesAnOperatorRuns() throws Exception {
    NodePolicy policy =
        (NodePolicy) one(POLICY.replace("openshift-sriov-network-operator", "network-operator"));
    SriovNetwork network =
        (SriovNetwork)
            one(
                NETWORK.replace("openshift-sriov-network-operator", "network-operator")
                    + "  networkNamespace: default");

    OperatorNamespaces.DEFAULT.andThoseOf(List.of(policy)).requireTarget(network);
    assertThat(network.networkNamespace()).isEqualTo("default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,", "a,,b", "../x", "A"})
  void namespacesThatAreNoneAreRefused(String text) {
    assertThatThrownBy(() -> OperatorNamespaces.parse(text))
        .hasMessageContaining("is not the name of a namespace");
  }

  @Test
  void oneItemOfAListThatIsNotUnderstoodTakesNothingFromTheOthers() throws Exception {
    String list =
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}},
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}},
          {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 7}},
          7,
          {"kind": "List", "items": 5},
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b"}}]}
        """;

    ReadObjects read = YamlObjects.readEach("l.json", list);

    assertThat(read.objects()).extracting(o -> o.key().path()).containsExactly("a", "b");
    assertThat(read.unread())
        .extracting(unread -> unread.problem().getMessage())
        .satisfiesExactly(
            message -> assertThat(message).startsWith("l.json:3: object: kind: Service is not"),
            message -> assertThat(message).startsWith("l.json:4: Pod: metadata.name: a string"),
            message -> assertThat(message).startsWith("l.json:5: an object with apiVersion"),
            message -> assertThat(message).startsWith("l.json:6: List: items: a list belongs"));
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, apps/v1, replicas: 2, 2",
    "ReplicaSet, apps/v1, replicas: 0, 0",
    "StatefulSet, apps/v1, serviceName: x, 1",
    "DaemonSet, apps/v1, minReadySeconds: 1, 1",
    "Job, batch/v1, parallelism: 3, 3"
  })
  void readsThePodsOfATemplate(String kind, String version, String field, int pods)
      throws Exception {
    Workload workload = (Workload) one(workload(kind, version, field));

    assertThat(workload.pods()).hasSize(pods);
    assertThat(workload.pods()).allMatch(workload::owns);
    for (int i = 0; i < pods; i++) {
      PodObject pod = workload.pods().get(i);
      assertThat(pod.key()).hasToString("Pod demo/web-" + i);
      assertThat(pod.networks()).contains("plain");
      assertThat(((PodObject) ObjectReader.restore(pod.manifest(), "store")).networks())
          .contains("plain");
    }
  }

  @Test
  void readsThePodsOfACronJob() throws Exception {
    String text =
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: web, namespace: demo}
        spec:
          jobTemplate:
            spec:
              template:
                metadata: {annotations: {k8s.v1.cni.cncf.io/networks: plain}}
        """;

    assertThat(((Workload) one(text)).pods())
        .singleElement()
        .satisfies(pod -> assertThat(pod.networks()).contains("plain"));
  }

  @Test
  void refusesMorePodsThanOneMachineIsMeantFor() {
    assertThatThrownBy(() -> one(workload("Deployment", "apps/v1", "replicas: 1000000")))
        .hasMessageContaining("spec.replicas: 1000000 is not a whole number from 0 to 256");
  }

  private static String workload(String kind, String version, String field) {
    return """
    apiVersion: %s
    kind: %s
    metadata: {name: web, namespace: demo}
    spec:
      %s
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}, annotations: {k8s.v1.cni.cncf.io/networks: plain}}
        spec: {containers: []}
    """
        .formatted(version, kind, field);
  }

  @Test
  void namesTheLineOfBrokenYaml() {
    assertThatThrownBy(() -> one("kind: Pod\nmetadata: [\n"))
        .hasMessageStartingWith("f.yaml:3: no valid YAML");
  }

  @Test
  void refusesAKeyGivenTwice() {
    assertThatThrownBy(() -> one("kind: Pod\nkind: Pod"))
        .hasMessage("f.yaml:2: the key \"kind\" stands here a second time; remove one");
  }

  @Test
  void namesTheLineOfAConfigurationThatIsNoJson() {
    String nad =
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: b, namespace: demo}
        spec:
          config: '{"type": }'
        """;

    assertThatThrownBy(() -> one(nad))
        .hasMessage(
            "f.yaml:5: NetworkAttachmentDefinition demo/b: spec.config is not a JSON object: column"
                + " 21: a value is missing before this }");
  }

  @Test
  void namesTheLineWithinAConfigurationOfSeveral() {
    String nad =
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: b, namespace: demo}
        spec:
          config: |
            {
              "type": "bond",
              "links": [{"name": "net1"}, {"name": "net2"},]
            }
        """;

    assertThatThrownBy(() -> one(nad))
        .hasMessage(
            "f.yaml:8: NetworkAttachmentDefinition demo/b: spec.config is not a JSON object: column"
                + " 51: a comma with nothing after it; remove it");
  }

  @Test
  void callsANamelessConfigurationByItsNetwork() throws Exception {
    NetworkAttachment nad =
        (NetworkAttachment)
            one(
                """
                apiVersion: k8s.cni.cncf.io/v1
                kind: NetworkAttachmentDefinition
                metadata: {name: b, namespace: demo}
                spec: {config: '{"type": "bond"}'}
                """);

    assertThat(nad.config()).hasToString("{\"type\":\"bond\",\"name\":\"b\"}");
  }

  private static ClusterObject one(String text) throws LocatedException {
    return YamlObjects.read("f.yaml", text).getFirst();
  }
}
