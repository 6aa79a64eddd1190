package dev.podbond.operator.view;

import dev.podbond.cluster.assess.DeviceUsage;
import dev.podbond.operator.kubernetes.PodDevices;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// How many devices pods have on each node, updated as pods come and go. Thread-safe.
final class DeviceCounts implements DeviceUsage {
  private record Key(String node, String resource) {}

  private final Map<Key, Integer> counts = new HashMap<>();

  @Override
  public synchronized int used(String node, String resource) {
    return counts.getOrDefault(new Key(node, resource), 0);
  }

  /// Adds a pod; returns the resources whose counts changed.
  Set<String> add(PodDevices pod) {
    return count(pod, 1);
  }

  /// Removes a pod; returns the resources whose counts changed.
  Set<String> remove(PodDevices pod) {
    return count(pod, -1);
  }

  private synchronized Set<String> count(PodDevices pod, int sign) {
    Set<String> changed = new HashSet<>();
    pod.devices()
        .forEach((resource, devices) -> {
          Key key = new Key(pod.node(), resource);
          if (counts.merge(key, sign * devices, Integer::sum) == 0) {
            counts.remove(key);
          }
          changed.add(resource);
        });
    return changed;
  }
}
