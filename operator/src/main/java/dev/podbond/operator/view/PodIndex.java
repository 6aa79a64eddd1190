package dev.podbond.operator.view;

import dev.podbond.cluster.observed.BondUse;
import dev.podbond.operator.kubernetes.PodDevices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The pods that asked for networks, by their node and by network. Thread-safe.
final class PodIndex {
  private final Map<String, Map<String, PodDevices>> byNode = new HashMap<>();
  private final Map<String, Map<String, PodDevices>> byNetwork = new HashMap<>();

  synchronized void add(PodDevices pod) {
    if (pod.networks().isEmpty() || pod.node().isEmpty()) {
      return;
    }
    put(byNode, pod.node(), pod);
    networks(pod).forEach(network -> put(byNetwork, network, pod));
  }

  synchronized void remove(PodDevices pod) {
    take(byNode, pod.node(), pod);
    networks(pod).forEach(network -> take(byNetwork, network, pod));
  }

  synchronized List<PodDevices> on(String node) {
    return List.copyOf(byNode.getOrDefault(node, Map.of()).values());
  }

  synchronized List<PodDevices> using(String network) {
    return List.copyOf(byNetwork.getOrDefault(network, Map.of()).values());
  }

  synchronized Set<String> nodes() {
    return Set.copyOf(byNode.keySet());
  }

  private static Set<String> networks(PodDevices pod) {
    return pod.networks().stream().map(BondUse::network).collect(Collectors.toSet());
  }

  private static void put(Map<String, Map<String, PodDevices>> index, String key, PodDevices pod) {
    index.computeIfAbsent(key, _ -> new HashMap<>(4)).put(pod.getMetadata().getUid(), pod);
  }

  private static void take(Map<String, Map<String, PodDevices>> index, String key, PodDevices pod) {
    index.computeIfPresent(
        key,
        (_, pods) -> {
          pods.remove(pod.getMetadata().getUid());
          return pods.isEmpty() ? null : pods;
        });
  }
}
