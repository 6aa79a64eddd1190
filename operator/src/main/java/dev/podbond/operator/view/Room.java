package dev.podbond.operator.view;

import dev.podbond.operator.kubernetes.NotReadException;
import java.util.HashMap;
import java.util.Map;

/// How much of one kind is kept, whoever makes how many: all together, and of each namespace only a
/// share, so that one tenant does not take the others' room. For several threads.
final class Room {
  private record Place(String namespace, int cost) {}

  private final int all;
  private final int share;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Integer> byNamespace = new HashMap<>();
  private int taken;

  /// @param all in the unit of the costs
  /// @param share of one namespace
  Room(int all, int share) {
    this.all = all;
    this.share = share;
  }

  /// Makes room for an object, in the place of what it was before.
  ///
  /// @throws NotReadException if there is none; then it has no place any more
  synchronized void take(String namespace, String path, int cost) {
    leave(path);
    int ofNamespace = byNamespace.getOrDefault(namespace, 0);
    if (cost > share - ofNamespace) {
      throw new NotReadException(
          "namespace "
              + namespace
              + " has so many large objects of this kind that no more are read");
    }
    if (cost > all - taken) {
      throw new NotReadException(
          "the cluster has so many large objects of this kind that no more are read");
    }
    places.put(path, new Place(namespace, cost));
    byNamespace.put(namespace, ofNamespace + cost);
    taken += cost;
  }

  /// Of an object that is gone, or was never there.
  synchronized void leave(String path) {
    Place place = places.remove(path);
    if (place != null) {
      taken -= place.cost();
      byNamespace.computeIfPresent(
          place.namespace(), (_, cost) -> cost == place.cost() ? null : cost - place.cost());
    }
  }
}
