package dev.podbond.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cli.policy.Machines;
import dev.podbond.cli.show.Listings;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlObjects;
import dev.podbond.cni.spec.CniInterface;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniRoute;
import dev.podbond.json.JsonObject;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApplyTest {
  private static final Path EXAMPLE = Path.of("../examples/okd");

  @TempDir Path directory;
  private final FakeMachine machine = new FakeMachine();
  private final FakeNetworks networks = new FakeNetworks();
  private final List<String> reports = new ArrayList<>();
  private ObjectStore store;
  private ApplyContext context;

  @BeforeEach
  void open() throws Exception {
    store = ObjectStore.open(directory);
    context =
        new ApplyContext(
            store,
            machine,
            networks,
            "openshift.io",
            OperatorNamespaces.DEFAULT,
            () -> new UUID(1, 2),
            report -> reports.add(report.toString()));
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void makesTheUsersDocumentTrue() throws Exception {
    apply(example());

    assertThat(machine.log)
        .containsExactly(
            "make 2 VFs on pf0",
            "set admin MAC 02:00:00:01:10:00 on VF 0 (0000:01:10.0) of PF pf0",
            "set admin MAC 02:00:00:01:10:02 on VF 1 (0000:01:10.2) of PF pf0",
            "make 2 VFs on pf1",
            "set admin MAC 02:00:00:02:10:00 on VF 0 (0000:02:10.0) of PF pf1",
            "set admin MAC 02:00:00:02:10:02 on VF 1 (0000:02:10.2) of PF pf1",
            "make netns demo_bondpod1");
    assertThat(networks.log)
        .containsExactly(
            "ADD demo/sriovnet1 net1 0000:01:10.0",
            "ADD demo/sriovnet2 net2 0000:02:10.0",
            "ADD demo/bond-net1 net3");
    assertThat(reports.getLast())
        .isEqualTo(
            "Pod demo/bondpod1 created: net1 (VF 0000:01:10.0), net2 (VF 0000:02:10.0), net3");
  }

  @Test
  void changesNothingTheSecondTime() throws Exception {
    apply(example());
    machine.log.clear();
    networks.log.clear();
    reports.clear();

    apply(example());

    assertThat(machine.log).isEmpty();
    assertThat(networks.log).isEmpty();
    assertThat(reports).hasSize(7).allMatch(line -> line.contains(" unchanged"));
  }

  @Test
  void doesNotCareForTheOrderOfTheObjects() throws Exception {
    apply(example().reversed());

    assertThat(networks.log).hasSize(3);
  }

  @Test
  void takesEverythingBackInReverse() throws Exception {
    apply(example());
    machine.log.clear();
    networks.log.clear();

    new Delete(context).delete(example());

    assertThat(networks.log)
        .containsExactly(
            "DEL demo/bond-net1 net3", "DEL demo/sriovnet2 net2", "DEL demo/sriovnet1 net1");
    assertThat(machine.log)
        .containsExactly("remove netns demo_bondpod1", "make 0 VFs on pf1", "make 0 VFs on pf0");
    for (Kind kind : Kind.values()) {
      assertThat(store.all(kind)).isEmpty();
    }
  }

  @Test
  void deletesTwiceWithoutAComplaint() throws Exception {
    new Delete(context).delete(example());

    assertThat(reports).allMatch(line -> line.endsWith(" was not there"));
  }

  @Test
  void givesASecondPodOtherVfsAndAThirdNone() throws Exception {
    apply(example());
    apply(pod("second", "demo/sriovnet1, demo/sriovnet2"));

    assertThat(networks.log)
        .endsWith("ADD demo/sriovnet1 net1 0000:01:10.2", "ADD demo/sriovnet2 net2 0000:02:10.2");
    assertThatThrownBy(() -> apply(pod("third", "sriovnet2")))
        .hasMessageStartingWith("pod.yaml:1: Pod demo/third: the resource openshift.io/sriov_pf1")
        .hasMessageContaining("has 0 free of its 2 VFs");
    assertThat(machine.netns).containsExactly("demo_bondpod1", "demo_second");
  }

  @Test
  void passesOverVfsThatSomebodyElseHas() throws Exception {
    apply(example().subList(0, 5));
    machine.claimed.add(PciAddress.parse("0000:01:10.0").orElseThrow());

    apply(pod("p", "sriovnet1"));

    assertThat(networks.log).containsExactly("ADD demo/sriovnet1 net1 0000:01:10.2");
  }

  @Test
  void removesWhatItMadeOfAPodWhoseNetworkFails() throws Exception {
    networks.failingAdds.add("demo/bond-net1");

    assertThatThrownBy(() -> apply(example()))
        .hasMessage(
            EXAMPLE.resolve("50-pod.yaml")
                + ":2: Pod demo/bondpod1: network demo/bond-net1 as net3: plugin x ADD: no luck");
    assertThat(networks.log).endsWith("DEL demo/sriovnet2 net2", "DEL demo/sriovnet1 net1");
    assertThat(machine.netns).isEmpty();
    assertThat(store.pods()).isEmpty();
  }

  @Test
  void keepsAPodThatCannotBeDetachedForAnotherTry() throws Exception {
    apply(example());
    networks.failingDels.add("demo/sriovnet2");

    assertThatThrownBy(() -> new Delete(context).delete(pod("bondpod1", "x")))
        .hasMessageContaining(
            "cannot detach demo/sriovnet2 as net2: plugin x DEL: no luck; when that is mended, run"
                + " podbond delete for it again");
    assertThat(networks.log).endsWith("DEL demo/sriovnet1 net1");
    assertThat(machine.netns).containsExactly("demo_bondpod1");

    networks.failingDels.clear();
    new Delete(context).delete(pod("bondpod1", "x"));
    assertThat(store.pods()).isEmpty();
    assertThat(machine.netns).isEmpty();
  }

  @Test
  void makesAPodAnewAfterAReboot() throws Exception {
    apply(example());
    machine.netns.clear();
    networks.log.clear();

    apply(example());

    assertThat(networks.log).hasSize(6).startsWith("DEL demo/bond-net1 net3");
    assertThat(machine.netns).containsExactly("demo_bondpod1");
  }

  @Test
  void refusesToChangeTheNetworksOfARunningPod() throws Exception {
    apply(example());

    assertThatThrownBy(() -> apply(pod("bondpod1", "sriovnet1")))
        .hasMessageContaining("networks of a running pod cannot change; delete the pod first");
  }

  @Test
  void leavesThePoliciesVfsWhileAPodHasOne() throws Exception {
    apply(example());

    assertThatThrownBy(() -> new Delete(context).delete(example().subList(1, 3)))
        .hasMessageContaining("Pod demo/bondpod1 has 0000:02:10.0; delete those pods first");
    assertThat(store.policies()).hasSize(2);
  }

  @Test
  void namesTheNetworkThatIsNotThere() {
    assertThatThrownBy(() -> apply(pod("p", "nowhere")))
        .hasMessage(
            "pod.yaml:1: Pod demo/p: there is no NetworkAttachmentDefinition demo/nowhere; apply"
                + " it, or a SriovNetwork that is rendered into it, first");
  }

  @Test
  void refusesOneObjectTwice() {
    List<ClusterObject> twice =
        Stream.concat(pod("p", "a").stream(), pod("p", "b").stream()).toList();

    assertThatThrownBy(() -> apply(twice)).hasMessageContaining("it is there already, at");
  }

  @Test
  void refusesANetworkAttachmentThatBelongsToASriovNetwork() throws Exception {
    apply(example());
    String text =
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: sriovnet1, namespace: demo}
        spec: {config: '{"type": "sriov"}'}
        """;

    assertThatThrownBy(() -> apply(YamlObjects.read("n.yaml", text)))
        .hasMessageContaining("it belongs to SriovNetwork.sriovnetwork.openshift.io/");
  }

  @Test
  void refusesToDeleteANamespaceThatHoldsSomething() throws Exception {
    apply(example());

    assertThatThrownBy(() -> new Delete(context).delete(example().subList(0, 1)))
        .hasMessageContaining("it still holds NetworkAttachmentDefinition demo/bond-net1");
  }

  @Test
  void keepsMultusAnnotationWithThePod() throws Exception {
    apply(example());

    assertThat(store.pod(new ObjectKey(Kind.POD, "demo", "bondpod1")).orElseThrow().networkStatus())
        .startsWith("[{\n    \"name\": \"demo/sriovnet1\",\n    \"interface\": \"net1\"");
  }

  @Test
  void aPolicyThatFailsStopsNoOther() throws Exception {
    List<ClusterObject> all = new ArrayList<>(policy("much", "pf0", "numVfs: 8"));
    all.addAll(policy("nowhere", "ens9f9", "numVfs: 2"));
    all.addAll(policy("good", "pf1", "numVfs: 2"));

    assertThatThrownBy(() -> apply(all))
        .satisfies(failure ->
            assertThat(failure.getMessage() + failure.getSuppressed()[0].getMessage())
                .contains("op/much: numVfs 8", "op/nowhere: its nicSelector selects no PF"));
    assertThat(machine.log).contains("make 2 VFs on pf1").doesNotContain("make 8 VFs on pf0");
    assertThat(reports).singleElement().asString().contains("op/good created: VFs 0-1 of pf1");
    assertThat(store.policies()).hasSize(1);
  }

  @Test
  void aPodThatFailsStopsNoOther() throws Exception {
    apply(example());
    List<ClusterObject> two = new ArrayList<>(pod("bad", "nowhere"));
    two.addAll(pod("good", "sriovnet1"));

    assertThatThrownBy(() -> apply(two)).hasMessageContaining("demo/nowhere");
    assertThat(machine.netns).containsExactly("demo_bondpod1", "demo_good");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void vfsOutsideThePolicysRangeAreLeftAlone(boolean external) throws Exception {
    machine.numVfs[0] = 4;
    machine.adminMacs.put(vf(0, 0), MacAddress.parse("02:aa:00:00:00:01").orElseThrow());

    apply(policy("some", "pf0#2-3", "numVfs: 4\n  mtu: 1400\n  externallyManaged: " + external));

    assertThat(machine.log)
        .anyMatch(line -> line.contains("pf0v2"))
        .anyMatch(line -> line.contains("VF 3 "))
        .noneMatch(line -> line.matches(".*(pf0v[01]|VF [01] ).*"));
  }

  @Test
  void whereSomebodyElseMakesTheVfsNoOtherPolicyMakesThem() throws Exception {
    machine.numVfs[0] = 4;
    apply(policy("theirs", "pf0#2-3", "numVfs: 4\n  externallyManaged: true"));
    machine.log.clear();

    assertThatThrownBy(() -> apply(policy("ours", "pf0#4-4", "numVfs: 5\n  priority: 1")))
        .hasMessageContaining("op/ours: it is not externallyManaged, and")
        .hasMessageContaining("op/theirs");
    assertThat(machine.log).isEmpty();
    assertThat(store.policies()).hasSize(1);
  }

  @Test
  void ofBothAtOnceTheOneWhoseVfsAreThereIsKept() throws Exception {
    machine.numVfs[0] = 4;
    List<ClusterObject> both =
        new ArrayList<>(policy("a-ours", "pf0#4-4", "numVfs: 5\n  priority: 1"));
    both.addAll(policy("theirs", "pf0#2-3", "numVfs: 4\n  externallyManaged: true"));

    assertThatThrownBy(() -> apply(both)).hasMessageContaining("op/a-ours: it is not external");
    assertThat(machine.log).noneMatch(line -> line.startsWith("make"));
    assertThat(store.policies()).singleElement().matches(NodePolicy::externallyManaged);
  }

  @Test
  void theMtuOfAPfWhoseVfsSomebodyElseMakesIsNotRaised() {
    machine.numVfs[0] = 4;

    assertThatThrownBy(
            () -> apply(policy("p", "pf0", "numVfs: 4\n  mtu: 9000\n  externallyManaged: true")))
        .hasMessageContaining(
            "op/p: it is externallyManaged and wants the MTU 9000, but PF pf0 (0000:01:00.0) has"
                + " 1500; raise that first");
    assertThat(machine.log).isEmpty();
  }

  @Test
  void vfsThatTheHostUsesAreNeitherMadeAnewNorGivenAway() throws Exception {
    apply(policy("p", "pf0", "numVfs: 2"));
    machine.hostUses.put(vf(0, 0), "it has the address 10.0.0.1/24");

    assertThatThrownBy(() -> apply(policy("p", "pf0", "numVfs: 3")))
        .hasMessageContaining("the host uses pf0v0 (0000:01:10.0): it has the address 10.0.0.1/24");
    assertThatThrownBy(() -> new Delete(context).delete(policy("p", "pf0", "numVfs: 2")))
        .hasMessageContaining("the host uses pf0v0");
    assertThat(machine.log).containsOnlyOnce("make 2 VFs on pf0");

    assertThat(VfsInUse.taken(context)).containsExactly(vf(0, 0));
  }

  @Test
  void aDamagedFileOfTheStoreStopsNothingElse() throws Exception {
    apply(example());
    apply(pod("other", "sriovnet1"));
    Files.writeString(
        directory
            .resolve("SriovNetworkNodePolicy")
            .resolve("openshift-sriov-network-operator_policy-pf0.json"),
        "{");
    Files.writeString(directory.resolve("Pod").resolve("demo_other.json"), "nonsense");

    assertThat(store.policies()).hasSize(1);
    assertThat(store.pods()).hasSize(1);
    assertThat(store.damaged())
        .satisfiesExactlyInAnyOrder(
            file -> assertThat(file).contains("demo_other.json is damaged: line 1, column"),
            file -> assertThat(file).contains("policy-pf0.json is damaged: line 1, column"));

    apply(example());
    assertThat(store.policies()).hasSize(2);
  }

  @Test
  void makesThePodsOfATemplateAndRemovesThoseThatItDoesNotWantAnyMore() throws Exception {
    apply(example());
    networks.log.clear();

    assertThatThrownBy(() -> apply(deployment(3, "sriovnet1")))
        .as("one VF is left")
        .hasMessageContaining("Pod demo/web-1: the resource openshift.io/sriov_pf0 has 0 free");
    assertThat(machine.netns).containsExactly("demo_bondpod1", "demo_web-0");

    apply(deployment(2, "bond-net1"));
    assertThat(machine.netns).containsExactly("demo_bondpod1", "demo_web-0", "demo_web-1");
    assertThat(networks.log)
        .containsExactly(
            "ADD demo/sriovnet1 net1 0000:01:10.2",
            "DEL demo/sriovnet1 net1",
            "ADD demo/bond-net1 net1",
            "ADD demo/bond-net1 net1");

    apply(deployment(1, "bond-net1"));
    assertThat(machine.netns).containsExactly("demo_bondpod1", "demo_web-0");
    new Delete(context).delete(deployment(2, "bond-net1"));
    assertThat(machine.netns).containsExactly("demo_bondpod1");
  }

  @Test
  void aNetworkOfAnotherOperatorsNamespaceIsRenderedWhereThatHasPolicies() throws Exception {
    String text =
        """
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovNetwork
        metadata: {name: net, namespace: op}
        spec: {resourceName: r, networkNamespace: default}
        """;

    assertThatThrownBy(() -> apply(YamlObjects.read("n.yaml", text)))
        .hasMessageContaining("only a SriovNetwork in the operator's namespace");
    List<ClusterObject> both = new ArrayList<>(YamlObjects.read("n.yaml", text));
    both.addAll(policy("p", "pf0", "numVfs: 2"));
    apply(both);
    assertThat(store.attachments())
        .singleElement()
        .extracting(nad -> nad.key().path())
        .isEqualTo("default/net");
  }

  @Test
  void oneNetworkSeveralTimesShowsEachTimeItsOwnAddress() throws Exception {
    apply(example());
    for (int i = 1; i <= 3; i++) {
      networks.results.put("net" + i, result("net" + i, "10.1.0." + (i + 1), "0.0.0.0/0"));
    }

    apply(pod("p", "bond-net1, bond-net1, bond-net1"));

    assertThat(reports.getLast())
        .isEqualTo("Pod demo/p created: net1 10.1.0.2, net2 10.1.0.3, net3 10.1.0.4");
    assertThat(
            Listings.pods(
                    Map.of(new ObjectKey(Kind.POD, "demo", "p"), store.pods().get(key("p"))),
                    _ -> true)
                .toText())
        .contains("net1 10.1.0.2", "net2 10.1.0.3", "net3 10.1.0.4");
  }

  @Test
  void theSameBondTwiceShowsEachTimeItsOwnAddress() throws Exception {
    apply(example());
    networks.results.put("net1", result("bond0", "10.1.0.2", "0.0.0.0/0"));
    networks.results.put("net2", result("net2", "10.1.0.3", "0.0.0.0/0"));

    apply(pod("p", "bond-net1, bond-net1"));

    assertThat(reports.getLast())
        .isEqualTo("Pod demo/p created: net1 = bond0 10.1.0.2, net2 10.1.0.3");
  }

  @Test
  void theDefaultRouteOfTheAnnotationTakesThePlaceOfAllOthers() throws Exception {
    apply(example());
    networks.log.clear();
    networks.results.put("net1", result("net1", "10.1.0.2", "0.0.0.0/0"));
    networks.results.put("net2", result("bond0", "10.1.0.3", "10.9.0.0/16"));

    apply(
        pod(
            "p",
            "[{\\\"name\\\": \\\"bond-net1\\\"}, {\\\"name\\\": \\\"bond-net1\\\","
                + " \\\"default-route\\\": [\\\"10.1.0.9\\\"]}]"));

    assertThat(machine.log).endsWith("default route of /run/netns/demo_p via 10.1.0.9 dev bond0");
    assertThat(networks.log).endsWith("amend net1 0 routes", "amend net2 2 routes");
    assertThat(store.pods().get(key("p")).networkStatus())
        .contains("\"gateway\": [\n        \"10.1.0.9\"")
        .doesNotContain("10.1.0.1\"");
  }

  @Test
  void twoDefaultRoutesOfOneFamilyAreRefused() throws Exception {
    apply(example());
    String one = "{\\\"name\\\": \\\"bond-net1\\\", \\\"default-route\\\": [\\\"10.1.0.9\\\"]}";

    assertThatThrownBy(() -> apply(pod("p", "[" + one + "," + one + "]")))
        .hasMessageContaining("both give a default-route of one family");
    assertThat(machine.netns).containsExactly("demo_bondpod1");
  }

  private static ObjectKey key(String pod) {
    return new ObjectKey(Kind.POD, "demo", pod);
  }

  private static CniResult result(String link, String address, String destination) {
    return CniResult.ofInterfaces(CniInterface.named(link).withSandbox("/run/netns/demo_p"))
        .withIps(
            List.of(
                new CniIp(
                    OptionalInt.of(0),
                    new IpPrefix(InetAddress.ofLiteral(address), 24),
                    Optional.empty(),
                    JsonObject.of())))
        .withRoutes(
            List.of(
                CniRoute.of(prefix(destination), Optional.of(InetAddress.ofLiteral("10.1.0.1")))));
  }

  private static IpPrefix prefix(String text) {
    String[] parts = text.split("/", -1);
    return new IpPrefix(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
  }

  private static PciAddress vf(int pf, int index) {
    return Machines.vfs(Machines.pf(pf, index + 1)).get(index).pci();
  }

  private static List<ClusterObject> policy(String name, String pf, String more)
      throws LocatedException {
    return YamlObjects.read(
        "policy.yaml",
        """
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovNetworkNodePolicy
        metadata: {name: %s, namespace: op}
        spec:
          resourceName: r_%s
          nicSelector: {pfNames: ["%s"]}
          %s
        """
            .formatted(name, name.replace('-', '_'), pf, more));
  }

  private static List<ClusterObject> deployment(int replicas, String networks)
      throws LocatedException {
    return YamlObjects.read(
        "deployment.yaml",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: demo}
        spec:
          replicas: %d
          template:
            metadata: {annotations: {k8s.v1.cni.cncf.io/networks: "%s"}}
        """
            .formatted(replicas, networks));
  }

  private void apply(List<ClusterObject> objects) throws Exception {
    new Apply(context).apply(objects);
  }

  private static List<ClusterObject> pod(String name, String networks) {
    try {
      return YamlObjects.read(
          "pod.yaml",
          """
          apiVersion: v1
          kind: Pod
          metadata:
            name: %s
            namespace: demo
            annotations: {k8s.v1.cni.cncf.io/networks: "%s"}
          """
              .formatted(name, networks));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<ClusterObject> example() throws Exception {
    List<ClusterObject> objects = new ArrayList<>();
    try (Stream<Path> files = Files.list(EXAMPLE)) {
      for (Path file : files.sorted().toList()) {
        objects.addAll(YamlObjects.read(file.toString(), Files.readString(file)));
      }
    }
    return objects;
  }
}
