package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import java.util.Collection;
import java.util.List;

/// An object of a cluster's API, as far as this machine uses it.
public sealed interface ClusterObject
    permits NamespaceObject,
        NodeObject,
        NodePolicy,
        SriovNetwork,
        NetworkAttachment,
        PodObject,
        Workload {
  ObjectKey key();

  /// Where it was written.
  Position source();

  /// The whole object as written, to be kept and compared.
  JsonObject manifest();

  /// Those of some objects that are of one type, in their order.
  static <T extends ClusterObject> List<T> only(
      Class<T> type, Collection<? extends ClusterObject> objects) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
