package dev.podbond.operator.view;

import dev.podbond.operator.kubernetes.NotReadException;
import java.util.HashMap;
import java.util.Map;

/// A limit for the objects of one kind, whoever makes them: one for all together, and a share for
/// each namespace or node, so that one cannot take the room of the others. Thread-safe.
final class Room {
  private record Place(String sharer, int cost) {}

  private final int all;
  private final int share;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Integer> bySharer = new HashMap<>();
  private int taken;

  /// @param all the limit, in the unit of the costs
  /// @param share the limit of one sharer
  Room(int all, int share) {
    this.all = all;
    this.share = share;
  }

  /// Makes room for an object, in place of its former version.
  ///
  /// @param sharer in words, as "namespace demo"
  /// @throws NotReadException if there is no room; then the object has no place any more
  synchronized void take(String sharer, String path, int cost) {
    leave(path);
    int ofSharer = bySharer.getOrDefault(sharer, 0);
    if (cost > share - ofSharer) {
      throw new NotReadException(
          sharer + " has so many objects of this kind, or such large ones, that no more are read");
    }
    if (cost > all - taken) {
      throw new NotReadException(
          "the cluster has so many objects of this kind, or such large ones, that no more are"
              + " read");
    }
    places.put(path, new Place(sharer, cost));
    bySharer.put(sharer, ofSharer + cost);
    taken += cost;
  }

  /// Whether there is room for an object that has no place.
  synchronized boolean has(String sharer, int cost) {
    return cost <= share - bySharer.getOrDefault(sharer, 0) && cost <= all - taken;
  }

  /// Frees the room of an object that is gone; does nothing if it had none.
  synchronized void leave(String path) {
    Place place = places.remove(path);
    if (place != null) {
      taken -= place.cost();
      bySharer.computeIfPresent(
          place.sharer(), (_, cost) -> cost == place.cost() ? null : cost - place.cost());
    }
  }
}
