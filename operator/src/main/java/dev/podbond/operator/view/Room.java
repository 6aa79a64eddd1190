package dev.podbond.operator.view;

import dev.podbond.operator.kubernetes.NotReadException;
import java.util.HashMap;
import java.util.Map;

/// A limit for the objects of one kind, whoever makes them: one for all together, and a share for
/// each namespace, so that one tenant cannot take the room of the others. Thread-safe.
final class Room {
  private record Place(String namespace, int cost) {}

  private final int all;
  private final int share;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Integer> byNamespace = new HashMap<>();
  private int taken;

  /// @param all the limit, in the unit of the costs
  /// @param share the limit of one namespace
  Room(int all, int share) {
    this.all = all;
    this.share = share;
  }

  /// Makes room for an object, in place of its former version.
  ///
  /// @throws NotReadException if there is no room; then the object has no place any more
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

  /// Whether there is room for an object that has no place.
  synchronized boolean has(String namespace, int cost) {
    return cost <= share - byNamespace.getOrDefault(namespace, 0) && cost <= all - taken;
  }

  /// Frees the room of an object that is gone; does nothing if it had none.
  synchronized void leave(String path) {
    Place place = places.remove(path);
    if (place != null) {
      taken -= place.cost();
      byNamespace.computeIfPresent(
          place.namespace(), (_, cost) -> cost == place.cost() ? null : cost - place.cost());
    }
  }
}
