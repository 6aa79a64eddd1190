package dev.podbond.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.net.PciAddress;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.yaml.YamlObjects;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.ObjectKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApplyTest {
  private static final Path EXAMPLE = Path.of("../examples/okd");

  @TempDir Path directory;
  private final FakeMachine machine = new FakeMachine();
  private final FakeNetworks networks = new FakeNetworks();
  private final List<String> reports = new ArrayList<>();
  private ObjectStore store;
  private Workspace workspace;

  @BeforeEach
  void open() throws Exception {
    store = ObjectStore.open(directory);
    workspace =
        new Workspace(
            store,
            machine,
            networks,
            "openshift.io",
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

    new Delete(workspace).delete(example());

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
    new Delete(workspace).delete(example());

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

    assertThatThrownBy(() -> new Delete(workspace).delete(pod("bondpod1", "x")))
        .hasMessageContaining(
            "cannot detach demo/sriovnet2 as net2: plugin x DEL: no luck; when that is mended, run"
                + " podbond delete for it again");
    assertThat(networks.log).endsWith("DEL demo/sriovnet1 net1");
    assertThat(machine.netns).containsExactly("demo_bondpod1");

    networks.failingDels.clear();
    new Delete(workspace).delete(pod("bondpod1", "x"));
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

    assertThatThrownBy(() -> new Delete(workspace).delete(example().subList(1, 3)))
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

    assertThatThrownBy(() -> new Delete(workspace).delete(example().subList(0, 1)))
        .hasMessageContaining("it still holds NetworkAttachmentDefinition demo/bond-net1");
  }

  @Test
  void keepsMultusAnnotationWithThePod() throws Exception {
    apply(example());

    assertThat(store.pod(new ObjectKey(Kind.POD, "demo", "bondpod1")).orElseThrow().networkStatus())
        .startsWith("[{\n    \"name\": \"demo/sriovnet1\",\n    \"interface\": \"net1\"");
  }

  private void apply(List<ClusterObject> objects) throws Exception {
    new Apply(workspace).apply(objects);
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
