package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import java.util.Optional;

/// A Pod: only its networks; its containers do not run here.
///
/// @param networks the annotation `k8s.v1.cni.cncf.io/networks` as written
public record PodObject(
    ObjectKey key, Position source, JsonObject manifest, Optional<String> networks)
    implements ClusterObject {
  /// Lists the pod's networks besides the cluster's own.
  public static final String NETWORKS = "k8s.v1.cni.cncf.io/networks";
}
