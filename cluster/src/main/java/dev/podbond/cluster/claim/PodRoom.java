package dev.podbond.cluster.claim;

import dev.podbond.cluster.bond.Allocation;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// How many pods with a bond a node has VFs for.
///
/// For members that differ by PF, p pods fit exactly if p devices can be taken for each member and
/// none of the PFs gives more than p. Then there is a way to hand them out so that no pod has two
/// of one PF (an edge colouring of members and PFs), and without it there is none. That is a flow
/// through resources and PFs, and more pods never fit where fewer do not. A scheduler that does not
/// plan ahead may fit in fewer.
public final class PodRoom {
  /// How many PFs, or cards, of a node are looked at: what a flow takes grows as the square of
  /// them, and slices can name thousands. Nodes have fewer; what is beyond does not count.
  private static final int MAX_PLACES = 64;

  private final Map<String, Integer> need;
  private final Optional<Allocation.Distinct> distinct;
  private final boolean sameNumaNode;

  /// @param resources of the members
  /// @param distinct what the scheduler keeps members from having in common
  /// @param sameNumaNode whether all members must come from one NUMA node
  public PodRoom(
      List<String> resources, Optional<Allocation.Distinct> distinct, boolean sameNumaNode) {
    this.need = new TreeMap<>();
    resources.forEach(resource -> need.merge(resource, 1, Integer::sum));
    this.distinct = distinct;
    this.sameNumaNode = sameNumaNode;
  }

  /// How many pods fit.
  ///
  /// @param devices how many devices of a group there are
  public int pods(NodeDevices node, ToIntFunction<NodeDevices.Group> devices) {
    List<NodeDevices.Group> wanted =
        node.groups().stream().filter(group -> need.containsKey(group.resource())).toList();
    if (!sameNumaNode) {
      return pods(wanted, devices);
    }
    return wanted.stream()
        .filter(group -> group.numaNode().isPresent())
        .collect(Collectors.groupingBy(group -> group.numaNode().getAsInt()))
        .values()
        .stream()
        .mapToInt(near -> pods(near, devices))
        .sum();
  }

  private int pods(Collection<NodeDevices.Group> groups, ToIntFunction<NodeDevices.Group> devices) {
    NavigableMap<String, Map<String, Integer>> byPlace = new TreeMap<>();
    for (NodeDevices.Group group : groups) {
      String place = distinct.map(group::place).orElse("anywhere");
      if (!place.isEmpty()) {
        byPlace
            .computeIfAbsent(place, _ -> new TreeMap<>())
            .merge(group.resource(), devices.applyAsInt(group), Integer::sum);
        if (byPlace.size() > MAX_PLACES) {
          byPlace.pollLastEntry();
        }
      }
    }
    int least = 0;
    int most = Integer.MAX_VALUE;
    for (Map.Entry<String, Integer> member : need.entrySet()) {
      int all =
          byPlace.values().stream().mapToInt(place -> place.getOrDefault(member.getKey(), 0)).sum();
      most = Math.min(most, all / member.getValue());
    }
    while (distinct.isPresent() && least < most) {
      int pods = least + (most - least + 1) / 2;
      if (fit(pods, byPlace.values())) {
        least = pods;
      } else {
        most = pods - 1;
      }
    }
    return most;
  }

  private boolean fit(int pods, Collection<Map<String, Integer>> places) {
    List<String> resources = List.copyOf(need.keySet());
    int end = 1 + resources.size() + places.size();
    int[][] room = new int[end + 1][end + 1];
    int wanted = 0;
    for (int i = 0; i < resources.size(); i++) {
      String resource = resources.get(i);
      room[0][1 + i] = need.getOrDefault(resource, 0) * pods;
      wanted += room[0][1 + i];
      int at = 1 + resources.size();
      for (Map<String, Integer> place : places) {
        room[1 + i][at] = place.getOrDefault(resource, 0);
        room[at][end] = pods;
        at++;
      }
    }
    return flow(room) == wanted;
  }

  /// The largest flow from the first node to the last (Edmonds and Karp).
  private static int flow(int[][] room) {
    int all = 0;
    while (true) {
      int[] from = new int[room.length];
      Arrays.fill(from, -1);
      Deque<Integer> next = new ArrayDeque<>(List.of(0));
      while (!next.isEmpty() && from[room.length - 1] < 0) {
        int at = next.remove();
        for (int to = 1; to < room.length; to++) {
          if (from[to] < 0 && room[at][to] > 0) {
            from[to] = at;
            next.add(to);
          }
        }
      }
      if (from[room.length - 1] < 0) {
        return all;
      }
      int more = Integer.MAX_VALUE;
      for (int to = room.length - 1; to > 0; to = from[to]) {
        more = Math.min(more, room[from[to]][to]);
      }
      for (int to = room.length - 1; to > 0; to = from[to]) {
        room[from[to]][to] -= more;
        room[to][from[to]] += more;
      }
      all += more;
    }
  }
}
