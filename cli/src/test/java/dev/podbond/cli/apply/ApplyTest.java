package dev.podbond.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlObjects;
import dev.podbond.value.PciAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ApplyTest extends ApplyScene {
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
  void aNetworkAttachmentThatSomebodyWroteIsNotRenderedOver() throws Exception {
    String text =
        """
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: sriovnet1, namespace: demo}
        spec: {config: '{"type": "sriov"}'}
        """;
    apply(YamlObjects.read("n.yaml", text));

    assertThatThrownBy(() -> apply(example()))
        .hasMessageContaining(
            "a NetworkAttachmentDefinition demo/sriovnet1 is there that has no owner; delete it or"
                + " give this network another name");
  }

  @Test
  void refusesToDeleteANamespaceThatHoldsSomething() throws Exception {
    apply(example());

    assertThatThrownBy(() -> new Delete(context).delete(example().subList(0, 1)))
        .hasMessageContaining("it still holds NetworkAttachmentDefinition demo/bond-net1");
  }

  @Test
  void aPodThatFailsStopsNoOther() throws Exception {
    apply(example());
    List<ClusterObject> two = new ArrayList<>(pod("bad", "nowhere"));
    two.addAll(pod("good", "sriovnet1"));

    assertThatThrownBy(() -> apply(two)).hasMessageContaining("demo/nowhere");
    assertThat(machine.netns).containsExactly("demo_bondpod1", "demo_good");
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
}
