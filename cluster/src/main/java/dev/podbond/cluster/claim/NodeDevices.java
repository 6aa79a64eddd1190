package dev.podbond.cluster.claim;

import dev.podbond.cluster.bond.Allocation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/// The VFs of a node that can be claimed, counted by what claims ask about.
public record NodeDevices(String node, List<Group> groups) {
  public NodeDevices {
    groups = List.copyOf(groups);
  }

  /// VFs that are the same to a claim.
  ///
  /// @param devices how many there are
  /// @param free how many of them no claim has, and no taint keeps from new pods
  public record Group(
      String resource, String pf, String pcieRoot, OptionalInt numaNode, int devices, int free) {
    /// What no two members may have in common; empty if the driver does not tell.
    String place(Allocation.Distinct distinct) {
      return switch (distinct) {
        case PF -> pf;
        case CARD -> pcieRoot;
      };
    }
  }

  /// The name of a pool is the driver's, and another node may have one of the same name.
  private record Pool(String node, String name) {}

  private record Kind(String resource, String pf, String pcieRoot, OptionalInt numaNode) {}

  /// The attribute of a device that says what no two members may have in common.
  public static String attribute(Allocation.Distinct distinct) {
    return switch (distinct) {
      case PF -> SriovDriver.PF;
      case CARD -> SriovDriver.PCIE_ROOT;
    };
  }

  /// The nodes with devices, by name. As for the scheduler, of each pool of a node only the newest
  /// generation counts, and only if all its slices are there.
  ///
  /// @param claimed the devices that claims have
  public static List<NodeDevices> of(Collection<DeviceSlice> slices, Set<DeviceId> claimed) {
    Map<Pool, List<DeviceSlice>> pools = new HashMap<>();
    for (DeviceSlice slice : slices) {
      if (slice.driver().equals(SriovDriver.NAME) && !slice.node().isEmpty()) {
        pools
            .computeIfAbsent(new Pool(slice.node(), slice.pool()), _ -> new ArrayList<>())
            .add(slice);
      }
    }
    Map<String, Map<Kind, int[]>> counts = new TreeMap<>();
    for (List<DeviceSlice> pool : pools.values()) {
      long newest = pool.stream().mapToLong(DeviceSlice::generation).max().orElse(0);
      List<DeviceSlice> current =
          pool.stream().filter(slice -> slice.generation() == newest).toList();
      if (current.stream().allMatch(slice -> slice.slices() <= current.size())) {
        current.forEach(slice ->
            count(slice, claimed, counts.computeIfAbsent(slice.node(), _ -> new HashMap<>())));
      }
    }
    return counts.entrySet().stream()
        .map(node -> new NodeDevices(node.getKey(), groups(node.getValue())))
        .toList();
  }

  private static void count(DeviceSlice slice, Set<DeviceId> claimed, Map<Kind, int[]> counts) {
    for (DeviceSlice.Device device : slice.devices()) {
      int[] count =
          counts.computeIfAbsent(
              new Kind(device.resource(), device.pf(), device.pcieRoot(), device.numaNode()),
              _ -> new int[2]);
      count[0]++;
      if (!device.tainted() && !claimed.contains(new DeviceId(slice.pool(), device.name()))) {
        count[1]++;
      }
    }
  }

  private static List<Group> groups(Map<Kind, int[]> counts) {
    return counts.entrySet().stream()
        .map(count ->
            new Group(
                count.getKey().resource(),
                count.getKey().pf(),
                count.getKey().pcieRoot(),
                count.getKey().numaNode(),
                count.getValue()[0],
                count.getValue()[1]))
        .toList();
  }
}
