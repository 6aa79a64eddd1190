package dev.podbond.cli.policy;

import dev.podbond.value.PciAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;

/// The VFs for one pod.
///
/// A pool gives its lowest free addresses. The addresses of one resource go to the networks that
/// request it in the order of the annotation, as Multus assigns them.
///
/// @param devices for each network in order, its VF; empty if it requests none
public record Allocation(List<Optional<PciAddress>> devices) {
  public Allocation {
    devices = List.copyOf(devices);
  }

  /// Allocates.
  ///
  /// @param requests for each network in order, the resource from which it takes a device
  /// @param taken VFs that are unavailable
  /// @throws ShortageException that names the resource with too few VFs; then no VF is taken
  public static Allocation of(
      List<Optional<String>> requests, ResourcePools pools, Set<PciAddress> taken)
      throws ShortageException {
    Map<String, Queue<PciAddress>> granted = new LinkedHashMap<>();
    for (Optional<String> request : requests) {
      if (request.isPresent() && !granted.containsKey(request.get())) {
        String resource = request.get();
        int count = Collections.frequency(requests, request);
        granted.put(resource, new ArrayDeque<>(lowestFree(resource, count, pools, taken)));
      }
    }
    List<Optional<PciAddress>> devices = new ArrayList<>();
    for (Optional<String> request : requests) {
      devices.add(request.map(resource -> granted.getOrDefault(resource, none()).remove()));
    }
    return new Allocation(devices);
  }

  private static Queue<PciAddress> none() {
    return new ArrayDeque<>();
  }

  private static List<PciAddress> lowestFree(
      String resource, int count, ResourcePools pools, Set<PciAddress> taken)
      throws ShortageException {
    Optional<SortedSet<PciAddress>> pool = pools.pool(resource);
    if (pool.isEmpty()) {
      throw new ShortageException(
          "no SriovNetworkNodePolicy on this machine offers the resource "
              + resource
              + "; offered are "
              + (pools.pools().isEmpty() ? "none" : String.join(", ", pools.pools().keySet())));
    }
    List<PciAddress> free = pool.get().stream().filter(vf -> !taken.contains(vf)).toList();
    if (free.size() < count) {
      throw new ShortageException(
          "the resource "
              + resource
              + " has "
              + free.size()
              + " free of its "
              + pool.get().size()
              + " VFs, and the pod asks for "
              + count
              + "; delete a pod that has some or raise numVfs of its policy");
    }
    return free.subList(0, count);
  }
}
