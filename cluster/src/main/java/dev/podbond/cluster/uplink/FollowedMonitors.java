package dev.podbond.cluster.uplink;

import dev.podbond.bonding.uplink.PublishedUplinks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which UplinkMonitor each node follows: of those that select it the oldest, so that a new one
/// takes no node from one that is at work.
///
/// @param shares one of each monitor, the oldest first
public record FollowedMonitors(List<Share> shares) {
  /// What one monitor has of the nodes.
  ///
  /// @param nodes those that follow it, by name
  /// @param taken those that it selects and that follow another one, each with that one's name
  public record Share(UplinkMonitor monitor, List<String> nodes, SortedMap<String, String> taken) {
    /// Copies list and map.
    public Share {
      nodes = List.copyOf(nodes);
      taken = new TreeMap<>(taken);
    }

    private PublishedUplinks.Part part() {
      return new PublishedUplinks.Part(monitor.name(), nodes, monitor.content());
    }
  }

  /// Copies the list.
  public FollowedMonitors {
    shares = List.copyOf(shares);
  }

  /// The shares of these monitors.
  ///
  /// @param nodes the labels of every node, by its name
  public static FollowedMonitors of(
      Collection<UplinkMonitor> monitors, Map<String, Map<String, String>> nodes) {
    Map<String, String> followed = new HashMap<>();
    List<Share> shares = new ArrayList<>();
    SortedMap<String, Map<String, String>> byName = new TreeMap<>(nodes);
    for (UplinkMonitor monitor : monitors.stream().sorted(UplinkMonitor.BY_AGE).toList()) {
      List<String> own = new ArrayList<>();
      SortedMap<String, String> taken = new TreeMap<>();
      byName.forEach((node, labels) -> {
        if (monitor.selects(labels)) {
          String first = followed.computeIfAbsent(node, _ -> monitor.name());
          if (first.equals(monitor.name())) {
            own.add(node);
          } else {
            taken.put(node, first);
          }
        }
      });
      shares.add(new Share(monitor, own, taken));
    }
    return new FollowedMonitors(shares);
  }

  /// What the nodes get. One without nodes is not told of; one for which there is no room has its
  /// nodes without a monitor.
  public PublishedUplinks published() {
    return PublishedUplinks.fitting(
        shares.stream().filter(share -> !share.nodes().isEmpty()).map(Share::part).toList());
  }
}
