package dev.podbond.cluster.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NodeDevicesTest {
  private static final String PF0 = "0000:01:00.0";
  private static final String PF1 = "0000:02:00.0";

  @Test
  void countsTheVfsOfANodeByWhatClaimsAskAbout() {
    List<NodeDevices> nodes =
        NodeDevices.of(
            List.of(
                Slices.slice("n2", Slices.vf("x", "r", PF0, "", -1)),
                Slices.slice("n1", Slices.vfs(3, "a", "r", PF0), Slices.vfs(2, "b", "r", PF1))),
            Set.of(new DeviceId("pool-n1", "a1"), new DeviceId("pool-n2", "a0")));

    assertThat(nodes).extracting(NodeDevices::node).containsExactly("n1", "n2");
    assertThat(nodes.getFirst().groups())
        .containsExactlyInAnyOrder(
            new NodeDevices.Group("r", PF0, "pci0000:00", OptionalInt.of(0), 3, 2),
            new NodeDevices.Group("r", PF1, "pci0000:00", OptionalInt.of(0), 2, 2));
    assertThat(nodes.getLast().groups())
        .containsExactly(new NodeDevices.Group("r", PF0, "", OptionalInt.empty(), 1, 1));
  }

  @Test
  void onlyTheNewestGenerationOfAPoolCountsAndOnlyIfAllOfItIsThere() {
    DeviceSlice old = Slices.slice("n", 3, 1, Slices.vfs(8, "old", "r", PF0));
    DeviceSlice first = Slices.slice("n", 4, 2, Slices.vfs(2, "a", "r", PF0));
    DeviceSlice second = Slices.slice("n", 4, 2, Slices.vfs(1, "b", "r", PF0));

    assertThat(Slices.nodes(old, first)).isEmpty();
    assertThat(Slices.nodes(old, first, second).getFirst().groups())
        .extracting(NodeDevices.Group::devices)
        .containsExactly(3);
  }

  @Test
  void poolsOfOneNameOnTwoNodesHaveNothingToDoWithEachOther() {
    assertThat(
            Slices.nodes(
                Slices.slice("n1", "sriov", 1, 1, Slices.vfs(2, "a", "r", PF0)),
                Slices.slice("n2", "sriov", 9, 1, Slices.vfs(3, "a", "r", PF0))))
        .extracting(NodeDevices::node, node -> node.groups().getFirst().devices())
        .containsExactly(tuple("n1", 2), tuple("n2", 3));
  }

  @Test
  void aTaintKeepsAVfFromNewPods() {
    String tainted =
        Slices.vf("a", "r", PF0, "pci0000:00", 0) + "    taints: [{key: k, effect: NoSchedule}]\n";
    String noted =
        Slices.vf("b", "r", PF0, "pci0000:00", 0) + "    taints: [{key: k, effect: None}]\n";

    assertThat(Slices.nodes(Slices.slice("n", tainted, noted)).getFirst().groups())
        .extracting(NodeDevices.Group::devices, NodeDevices.Group::free)
        .containsExactly(tuple(2, 1));
  }

  @Test
  void devicesOfOthersAndOfNoNodeAreNone() {
    DeviceSlice gpu =
        DeviceSlice.of(
            Slices.yaml(
                "{driver: gpu.example.com, nodeName: n, pool: {name: p}, devices: [{name: g}]}"));
    DeviceSlice anywhere =
        DeviceSlice.of(
            Slices.yaml(
                "{driver: sriovnetwork.k8snetworkplumbingwg.io, allNodes: true, pool: {name: p},"
                    + " devices: [{name: g}]}"));

    assertThat(Slices.nodes(gpu, anywhere)).isEmpty();
    assertThat(NodeDevices.of(List.of(DeviceSlice.of(Slices.yaml("{}"))), Set.of())).isEmpty();
  }

  @Test
  void aClaimHasTheDevicesOfItsAllocationButForAnAdministrators() {
    assertThat(
            DeviceId.of(
                Slices.yaml(
                    """
                    allocation:
                      devices:
                        results:
                        - {request: member-1, driver: sriovnetwork.k8snetworkplumbingwg.io, pool: p, device: a}
                        - {request: member-2, driver: sriovnetwork.k8snetworkplumbingwg.io, pool: p, device: b, adminAccess: true}
                        - {request: gpu, driver: gpu.example.com, pool: p, device: c}
                    """)))
        .containsExactly(new DeviceId("p", "a"));
    assertThat(DeviceId.of(Slices.yaml("{reservedFor: []}"))).isEmpty();
  }
}
