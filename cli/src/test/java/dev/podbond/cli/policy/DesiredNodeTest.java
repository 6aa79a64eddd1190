package dev.podbond.cli.policy;

import static dev.podbond.cli.policy.Machines.pf;
import static dev.podbond.cli.policy.Machines.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cli.machine.PfState;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.node.sysfs.PfDevice;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class DesiredNodeTest {
  private static final List<PfDevice> PFS = List.of(pf(0, 0), pf(1, 0));
  private static final List<PfState> STATES =
      PFS.stream().map(pf -> new PfState(pf, true, 1500)).toList();

  @Test
  void givesEachPfItsOwnPolicy() {
    assertThat(desiredPfs(policy("a", "ra", 2, 10, 0, "pf0"), policy("b", "rb", 3, 10, 0, "pf1")))
        .isEqualTo("pf0: 2 VFs, 0-1 ra; pf1: 3 VFs, 0-2 rb");
  }

  @Test
  void partitionsOnePfByRanges() {
    assertThat(
            desiredPfs(
                policy("a", "ra", 4, 10, 0, "pf0#0-1"), policy("b", "rb", 6, 10, 0, "pf0#4-5")))
        .isEqualTo("pf0: 6 VFs, 4-5 rb, 0-1 ra");
  }

  @Test
  void letsTheStrongerPolicyHaveItAllWhereTheyOverlap() {
    assertThat(desiredPfs(policy("a", "ra", 4, 20, 0, "pf0"), policy("b", "rb", 2, 10, 0, "pf0")))
        .isEqualTo("pf0: 2 VFs, 0-1 rb");
  }

  @Test
  void keepsTheGroupsOfTheWeakerPolicyWhereTheyDoNotOverlap() {
    assertThat(
            desiredPfs(policy("a", "ra", 6, 20, 0, "pf0#4-5"), policy("b", "rb", 2, 10, 0, "pf0")))
        .isEqualTo("pf0: 6 VFs, 0-1 rb, 4-5 ra");
  }

  @Test
  void takesTheLargestMtuOfMergedPolicies() {
    List<NodePolicy> policies =
        List.of(
            policy("a", "ra", 4, 10, 9000, "pf0#0-1"), policy("b", "rb", 4, 10, 1400, "pf0#2-3"));

    DesiredPf desired = DesiredNode.of(policies, PFS).getFirst();

    assertThat(desired.mtuBytes()).isEqualTo(OptionalInt.of(9000));
    assertThat(desired.groupOf(3).orElseThrow().mtuBytes()).isEqualTo(OptionalInt.of(1400));
  }

  @Test
  void refusesAPolicyThatSelectsNothingAndShowsWhatThereIs() {
    assertThatThrownBy(
            () -> PolicyCheck.require(policy("a", "ra", 2, 10, 0, "ens1"), List.of(), STATES))
        .hasMessage(
            "p.yaml:1: SriovNetworkNodePolicy op/a: its nicSelector selects no PF of this machine;"
                + " it has pf0 (0000:01:00.0, vendor 8086, device 10c9), pf1 (0000:02:00.0, vendor"
                + " 8086, device 10c9)");
  }

  @Test
  void refusesMoreVfsThanThePfOffers() {
    assertThatThrownBy(
            () -> PolicyCheck.require(policy("a", "ra", 8, 10, 0, "pf0"), List.of(), STATES))
        .hasMessageContaining("numVfs 8 is more than the 7 that PF pf0 (0000:01:00.0) offers");
  }

  @Test
  void refusesOverlappingRangesOfOnePriority() {
    NodePolicy a = policy("a", "ra", 4, 10, 0, "pf0#0-2");

    assertThatThrownBy(
            () -> PolicyCheck.require(policy("b", "rb", 4, 10, 0, "pf0#2-3"), List.of(a), STATES))
        .hasMessageContaining("both want VFs 2-3 and 0-2 of pf0");
    assertThatCode(
            () -> PolicyCheck.require(policy("b", "rb", 4, 10, 0, "pf0#3-3"), List.of(a), STATES))
        .doesNotThrowAnyException();
  }

  private static String desiredPfs(NodePolicy... policies) {
    return DesiredNode.of(List.of(policies), PFS).stream()
        .map(desired ->
            desired.pf().name()
                + ": "
                + desired.numVfs()
                + " VFs, "
                + desired.groups().stream()
                    .map(group -> group.range() + " " + group.resourceName())
                    .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }
}
