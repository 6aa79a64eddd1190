package dev.podbond.cli.policy;

import static dev.podbond.cli.policy.Machines.pf;
import static dev.podbond.cli.policy.Machines.policy;
import static dev.podbond.cli.policy.Machines.vfs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AllocationTest {
  private static final PfDevice PF0 = pf(0, 6);
  private static final PfDevice PF1 = pf(1, 3);

  /// ra: VFs 0-1 of pf0 and all of pf1; rb: VFs 4-5 of pf0.
  private static final ResourcePools POOLS = pools();

  @Test
  void mergesTheVfsOfSeveralPfsIntoOnePoolAndSortsThem() {
    assertThat(POOLS.pool("x/ra").orElseThrow())
        .extracting(PciAddress::toString)
        .containsExactly(
            "0000:01:10.0", "0000:01:10.2", "0000:02:10.0", "0000:02:10.2", "0000:02:10.4");
    assertThat(POOLS.pool("x/rb").orElseThrow())
        .extracting(PciAddress::toString)
        .containsExactly("0000:01:11.0", "0000:01:11.2");
  }

  @Test
  void handsOutTheSortedAddressesOfOneResourceInTheOrderOfTheAnnotation() throws Exception {
    Allocation allocation =
        Allocation.of(
            List.of(
                Optional.of("x/ra"), Optional.empty(), Optional.of("x/rb"), Optional.of("x/ra")),
            POOLS,
            Set.of());

    assertThat(allocation.devices().toString())
        .isEqualTo(
            "[Optional[0000:01:10.0], Optional.empty, Optional[0000:01:11.0],"
                + " Optional[0000:01:10.2]]");
  }

  @Test
  void namesTheResourceThatIsUsedUp() {
    Set<PciAddress> taken = POOLS.pool("x/rb").orElseThrow();

    assertThatThrownBy(() -> Allocation.of(List.of(Optional.of("x/rb")), POOLS, taken))
        .isInstanceOf(ShortageException.class)
        .hasMessage(
            "the resource x/rb has 0 free of its 2 VFs, and the pod asks for 1; delete a pod that"
                + " has some or raise numVfs of its policy");
  }

  @Test
  void namesTheResourcesThereAreWhereOneIsUnknown() {
    assertThatThrownBy(() -> Allocation.of(List.of(Optional.of("x/rc")), POOLS, Set.of()))
        .hasMessage(
            "no SriovNetworkNodePolicy on this machine offers the resource x/rc; offered are x/ra,"
                + " x/rb");
  }

  @Test
  void neverGivesOneVfToTwoNetworks() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      Set<PciAddress> taken = new HashSet<>();
      for (int pod = 0; pod < 6; pod++) {
        List<Optional<String>> requests = requests(random);
        Set<PciAddress> before = Set.copyOf(taken);
        try {
          List<PciAddress> given =
              Allocation.of(requests, POOLS, before).devices().stream()
                  .flatMap(Optional::stream)
                  .toList();
          assertThat(given)
              .as("seed %d", seed)
              .noneMatch(before::contains)
              .doesNotHaveDuplicates()
              .hasSize((int) requests.stream().filter(Optional::isPresent).count());
          assertThat(
                  Allocation.of(requests, POOLS, before).devices().stream()
                      .flatMap(Optional::stream)
                      .toList())
              .as("same question, same answer; seed %d", seed)
              .isEqualTo(given);
          taken.addAll(given);
        } catch (ShortageException _) {
          assertThat(runsShort(requests, before)).as("seed %d", seed).isTrue();
        }
      }
    }
  }

  private static boolean runsShort(List<Optional<String>> requests, Set<PciAddress> taken) {
    return requests.stream()
        .flatMap(Optional::stream)
        .anyMatch(resource ->
            POOLS.pool(resource).orElseThrow().stream().filter(vf -> !taken.contains(vf)).count()
                < requests.stream().filter(Optional.of(resource)::equals).count());
  }

  private static List<Optional<String>> requests(Random random) {
    List<Optional<String>> requests = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      requests.add(
          switch (random.nextInt(3)) {
            case 0 -> Optional.of("x/ra");
            case 1 -> Optional.of("x/rb");
            default -> Optional.empty();
          });
    }
    return requests;
  }

  private static ResourcePools pools() {
    List<NodePolicy> policies =
        List.of(
            policy("a", "ra", 2, 10, 0, "pf0#0-1"),
            policy("b", "rb", 6, 10, 0, "pf0#4-5"),
            policy("c", "ra", 3, 10, 0, "pf1"));
    return ResourcePools.of(
        DesiredNode.of(policies, List.of(PF0, PF1)), Map.of("pf0", vfs(PF0), "pf1", vfs(PF1)), "x");
  }
}
