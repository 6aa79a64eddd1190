package dev.podbond.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cli.policy.NodePolicies;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PolicyFollowingTest extends ApplyScene {
  private PolicyFollowing following;

  @BeforeEach
  void follow() {
    following = new PolicyFollowing(context);
  }

  @Test
  void makesAndTakesBackWhatComesAndGoes() throws Exception {
    following.become(policies("pf0", 2), Set.of());
    following.become(policies("pf0", 2), Set.of());
    assertThat(made()).containsExactly("make 2 VFs on pf0");

    following.become(policies("pf1", 2), Set.of());
    assertThat(made())
        .containsExactly("make 2 VFs on pf0", "make 0 VFs on pf0", "make 2 VFs on pf1");

    following.become(List.of(), Set.of());
    assertThat(made()).endsWith("make 0 VFs on pf1");
    assertThat(store.policies()).isEmpty();
  }

  @Test
  void aPolicyForOtherNicsIsNone() throws Exception {
    following.become(policies("ens9f9", 2), Set.of());

    assertThat(machine.log).isEmpty();
  }

  @Test
  void vfsThatPodsHaveAreKeptUntilTheseAreGone() throws Exception {
    following.become(policies("pf0", 2), Set.of());
    machine.claimed.add(machine.vfsOf(machine.pfs().getFirst().device()).getFirst().pci());

    assertThatThrownBy(() -> following.become(List.of(), Set.of()))
        .isInstanceOf(LocatedException.class)
        .hasMessageContaining("somebody else has");

    machine.claimed.clear();
    following.become(List.of(), Set.of());
    assertThat(made()).endsWith("make 0 VFs on pf0");
  }

  /// Between reading the VF and changing it.
  @Test
  void aVfThatAPodClaimsMeanwhileKeepsItsMac() throws Exception {
    PciAddress claimed = PciAddress.parse("0000:01:10.0").orElseThrow();
    machine.claimedMeanwhile.add(claimed);

    following.become(policies("pf0", 2), Set.of());

    assertThat(machine.log)
        .contains("set admin MAC 02:00:00:01:10:02 on VF 1 (0000:01:10.2) of PF pf0")
        .noneMatch(line -> line.contains(claimed.toString()));
  }

  @Test
  void aPolicyThatCannotBeFollowedStopsNoOther() throws Exception {
    List<NodePolicy> both = new ArrayList<>(policies("pf0", 8));
    both.addAll(policies("pf1", 2));

    assertThatThrownBy(() -> following.become(both, Set.of()))
        .hasMessageContaining("policy-pf0: numVfs 8 is more than the 7");
    assertThat(made()).containsExactly("make 2 VFs on pf1");
  }

  @Test
  void onePolicyOfAListThatIsNotUnderstoodStopsNoOther() throws Exception {
    String rdma = policy("pf0", 2).replace("resourceName", "isRdma: true\n  resourceName");
    String kind = "apiVersion: v9\nkind: Novelty\nmetadata: {name: x}\n";
    NodePolicies read =
        NodePolicies.of(
            String.join(
                "---\n",
                rdma.replace("n1,n2", "n2"),
                kind,
                "just words\n",
                rdma.replace("metadata: {name: policy-pf0", "metadata: {name: rdma"),
                policy("pf1", 2)),
            "n1");

    following.become(read.policies(), read.passedByKeys());

    assertThat(made()).containsExactly("make 2 VFs on pf1");
    assertThat(read.passedBy())
        .singleElement()
        .satisfies(unread ->
            assertThat(unread.problem())
                .hasMessageContaining("SriovNetworkNodePolicy sriov/rdma: spec.isRdma:"));
  }

  @Test
  void whatIsNotUnderstoodAnyMoreStaysWhatItWas() throws Exception {
    following.become(policies("pf0", 2), Set.of());
    NodePolicies newer =
        NodePolicies.of(
            policy("pf0", 4).replace("resourceName", "novelty: 1\n  resourceName"), "n1");

    following.become(newer.policies(), newer.passedByKeys());

    assertThat(made()).containsExactly("make 2 VFs on pf0");
    assertThat(store.policies()).hasSize(1);
  }

  @Test
  void aPolicyThatSelectsOtherNicsNowGivesUpThoseItHad() throws Exception {
    following.become(policies("pf0", 2), Set.of());
    NodePolicies moved = NodePolicies.of(policy("pf0", 2).replace("[pf0]", "[ens9f9]"), "n1");

    following.become(moved.policies(), moved.passedByKeys());

    assertThat(made()).containsExactly("make 2 VFs on pf0", "make 0 VFs on pf0");
  }

  private List<String> made() {
    return machine.log.stream().filter(line -> line.startsWith("make")).toList();
  }

  private static List<NodePolicy> policies(String pf, int vfs) throws LocatedException {
    return NodePolicies.of(policy(pf, vfs), "n1").policies();
  }

  private static String policy(String pf, int vfs) {
    return """
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
  }
}
