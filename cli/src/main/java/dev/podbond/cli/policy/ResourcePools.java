package dev.podbond.cli.policy;

import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.PciAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The VFs that form each resource, as the SR-IOV device plugin offers them: policies with one
/// resource name share a pool, even across PFs.
///
/// @param pools VFs by resource name, prefix included
public record ResourcePools(Map<String, SortedSet<PciAddress>> pools) {
  public ResourcePools {
    Map<String, SortedSet<PciAddress>> copy = new TreeMap<>();
    pools.forEach(
        (name, vfs) -> copy.put(name, Collections.unmodifiableSortedSet(new TreeSet<>(vfs))));
    pools = Collections.unmodifiableMap(copy);
  }

  /// The pools from the required state of PFs and their present VFs.
  ///
  /// @param vfs the VFs of each PF, by the PF's name
  public static ResourcePools of(
      List<DesiredPf> desiredPfs, Map<String, List<VfDevice>> vfs, String resourcePrefix) {
    Map<String, SortedSet<PciAddress>> pools = new TreeMap<>();
    for (DesiredPf desired : desiredPfs) {
      for (DesiredVfs group : desired.groups()) {
        SortedSet<PciAddress> pool =
            pools.computeIfAbsent(
                resourcePrefix + "/" + group.resourceName(), _ -> new TreeSet<>());
        vfs.getOrDefault(desired.pf().name(), List.of()).stream()
            .filter(vf -> group.range().contains(vf.ref().index()))
            .forEach(vf -> pool.add(vf.pci()));
      }
    }
    return new ResourcePools(pools);
  }

  /// The VFs of a resource, by ascending address; empty if no policy offers the resource.
  public Optional<SortedSet<PciAddress>> pool(String resourceName) {
    return Optional.ofNullable(pools.get(resourceName));
  }

  /// The resource that a VF belongs to.
  public Optional<String> resourceOf(PciAddress vf) {
    return pools.entrySet().stream()
        .filter(pool -> pool.getValue().contains(vf))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
