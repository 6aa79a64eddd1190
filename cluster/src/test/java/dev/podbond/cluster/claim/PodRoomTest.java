package dev.podbond.cluster.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.bond.Allocation.Distinct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodRoomTest {
  private static final Optional<Distinct> PF = Optional.of(Distinct.PF);

  /// From one resource, with so many free VFs of each PF.
  @ParameterizedTest
  @CsvSource({
    "2, 8 8, 8",
    "2, 8, 0",
    "2, 8 3, 3",
    "2, 8 3 3, 6",
    "2, 5 4 3, 6",
    "3, 4 4 4, 4",
    "3, 9 1 1, 1",
    "2, 0 0, 0"
  })
  void noPodHasTwoVfsOfOnePf(int members, String free, int pods) {
    List<NodeDevices.Group> groups = new ArrayList<>();
    for (String count : free.split(" ")) {
      groups.add(group("r", "pf" + groups.size(), 0, Integer.parseInt(count)));
    }
    List<String> resources = Collections.nCopies(members, "r");

    assertThat(pods(new PodRoom(resources, PF, false), groups)).isEqualTo(pods);
  }

  @Test
  void whereOnlyResourcesDifferTheScarcestDecides() {
    List<NodeDevices.Group> groups =
        List.of(group("a", "pf0", 0, 5), group("b", "pf1", 0, 3), group("c", "pf2", 0, 1));

    assertThat(pods(new PodRoom(List.of("a", "b"), Optional.empty(), false), groups)).isEqualTo(3);
    assertThat(pods(new PodRoom(List.of("a", "d"), Optional.empty(), false), groups)).isZero();
  }

  @Test
  void aPfThatTwoResourcesShareServesEachPodOnce() {
    List<NodeDevices.Group> groups =
        List.of(group("a", "pf0", 0, 4), group("b", "pf0", 0, 4), group("b", "pf1", 0, 2));

    assertThat(pods(new PodRoom(List.of("a", "b"), PF, false), groups)).isEqualTo(2);
  }

  @Test
  void onOneNumaNodeEachNodeServesItsOwn() {
    List<NodeDevices.Group> groups =
        List.of(
            group("r", "pf0", 0, 3),
            group("r", "pf1", 0, 2),
            group("r", "pf2", 1, 9),
            group("r", "pf3", 1, 1),
            new NodeDevices.Group("r", "pf4", "root", OptionalInt.empty(), 9, 9));

    assertThat(pods(new PodRoom(List.of("r", "r"), PF, true), groups)).isEqualTo(3);
  }

  /// In whatever order they come.
  @Test
  void ofANodeAtMost64PfsCount() {
    List<NodeDevices.Group> groups = new ArrayList<>();
    for (int pf = 0; pf < 5632; pf++) {
      groups.add(group("r", "pf%04d".formatted(pf), 0, 1));
    }
    PodRoom room = new PodRoom(List.of("r", "r"), PF, false);

    assertThat(pods(room, groups.subList(0, 62))).isEqualTo(31);
    assertThat(pods(room, groups.subList(0, 64))).isEqualTo(32);
    assertThat(pods(room, groups)).isEqualTo(32);
    assertThat(pods(room, groups.reversed())).isEqualTo(32);
  }

  /// The driver says "" where it does not know.
  @Test
  void aVfOfAnUnknownPlaceServesNobodyWhoAsksForPlaces() {
    List<NodeDevices.Group> groups = List.of(group("r", "pf0", 0, 3), group("r", "", 0, 3));

    assertThat(pods(new PodRoom(List.of("r", "r"), PF, false), groups)).isZero();
  }

  /// Against trying everything. Seeded; the assertion's description has the seed.
  @Test
  void isWhatTryingEverythingFinds() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<String> resources = new ArrayList<>();
      for (int i = 2 + random.nextInt(2); i > 0; i--) {
        resources.add("r" + random.nextInt(2));
      }
      int[][] free = new int[2][3];
      List<NodeDevices.Group> groups = new ArrayList<>();
      for (int r = 0; r < 2; r++) {
        for (int pf = 0; pf < 3; pf++) {
          free[r][pf] = random.nextInt(3);
          groups.add(group("r" + r, "pf" + pf, 0, free[r][pf]));
        }
      }

      assertThat(pods(new PodRoom(resources, PF, false), groups))
          .as("seed %d, %s of %s", seed, resources, Arrays.deepToString(free))
          .isEqualTo(tried(resources, free));
    }
  }

  /// The most pods that any order of choices serves.
  private static int tried(List<String> resources, int[][] free) {
    return Math.max(0, tried(resources, 0, new boolean[3], free));
  }

  private static int tried(List<String> resources, int member, boolean[] taken, int[][] free) {
    if (member == resources.size()) {
      return 1 + tried(resources, free);
    }
    int resource = resources.get(member).charAt(1) - '0';
    int best = -1;
    for (int pf = 0; pf < 3; pf++) {
      if (!taken[pf] && free[resource][pf] > 0) {
        taken[pf] = true;
        free[resource][pf]--;
        best = Math.max(best, tried(resources, member + 1, taken, free));
        free[resource][pf]++;
        taken[pf] = false;
      }
    }
    return best;
  }

  private static NodeDevices.Group group(String resource, String pf, int numaNode, int free) {
    return new NodeDevices.Group(resource, pf, "root", OptionalInt.of(numaNode), free, free);
  }

  private static int pods(PodRoom room, List<NodeDevices.Group> groups) {
    return room.pods(new NodeDevices("n", groups), NodeDevices.Group::free);
  }
}
