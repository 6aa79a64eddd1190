package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;

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
}
