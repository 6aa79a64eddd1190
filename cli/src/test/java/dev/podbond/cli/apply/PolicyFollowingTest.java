package dev.podbond.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.net.PciAddress;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.yaml.YamlObjects;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.source.LocatedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyFollowingTest {
  @TempDir Path directory;
  private final FakeMachine machine = new FakeMachine();
  private ObjectStore store;
  private PolicyFollowing following;

  @BeforeEach
  void open() throws Exception {
    store = ObjectStore.open(directory);
    following =
        new PolicyFollowing(
            new Workspace(
                store, machine, new FakeNetworks(), "openshift.io", () -> new UUID(1, 2), _ -> {}));
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void makesAndTakesBackWhatComesAndGoes() throws Exception {
    following.become(policies("pf0", 2));
    following.become(policies("pf0", 2));
    assertThat(made()).containsExactly("make 2 VFs on pf0");

    following.become(policies("pf1", 2));
    assertThat(made())
        .containsExactly("make 2 VFs on pf0", "make 0 VFs on pf0", "make 2 VFs on pf1");

    following.become(List.of());
    assertThat(made()).endsWith("make 0 VFs on pf1");
    assertThat(store.policies()).isEmpty();
  }

  @Test
  void aPolicyForOtherNicsIsNone() throws Exception {
    following.become(policies("ens9f9", 2));

    assertThat(machine.log).isEmpty();
  }

  @Test
  void vfsThatPodsHaveAreKeptUntilTheseAreGone() throws Exception {
    following.become(policies("pf0", 2));
    machine.claimed.add(machine.vfsOf(machine.pfs().getFirst().device()).getFirst().pci());

    assertThatThrownBy(() -> following.become(List.of()))
        .isInstanceOf(LocatedException.class)
        .hasMessageContaining("somebody else has");

    machine.claimed.clear();
    following.become(List.of());
    assertThat(made()).endsWith("make 0 VFs on pf0");
  }

  /// Between the look at it and the change to it.
  @Test
  void aVfThatAPodClaimsMeanwhileKeepsItsMac() throws Exception {
    PciAddress claimed = PciAddress.parse("0000:01:10.0").orElseThrow();
    machine.claimedMeanwhile.add(claimed);

    following.become(policies("pf0", 2));

    assertThat(machine.log)
        .contains("set admin MAC 02:00:00:01:10:02 on VF 1 (0000:01:10.2) of PF pf0")
        .noneMatch(line -> line.contains(claimed.toString()));
  }

  private List<String> made() {
    return machine.log.stream().filter(line -> line.startsWith("make")).toList();
  }

  private static List<NodePolicy> policies(String pf, int vfs) throws LocatedException {
    List<NodePolicy> policies = new ArrayList<>();
    String yaml =
        """
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovNetworkNodePolicy
        metadata: {name: policy-%s, namespace: sriov, annotations: {podbond.dev/nodes: "n1,n2"}}
        spec:
          resourceName: r
          nodeSelector: {}
          numVfs: %d
          nicSelector: {pfNames: [%s]}
        """
            .formatted(pf, vfs, pf);
    for (ClusterObject object : YamlObjects.read("test", yaml)) {
      policies.add((NodePolicy) object);
    }
    return policies;
  }
}
