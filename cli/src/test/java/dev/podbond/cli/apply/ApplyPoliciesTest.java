package dev.podbond.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApplyPoliciesTest extends ApplyScene {
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
  void leavesThePoliciesVfsWhileAPodHasOne() throws Exception {
    apply(example());

    assertThatThrownBy(() -> new Delete(context).delete(example().subList(1, 3)))
        .hasMessageContaining("Pod demo/bondpod1 has 0000:02:10.0; delete those pods first");
    assertThat(store.policies()).hasSize(2);
  }
}
