package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import java.util.Map;

/// A Node: only the labels by which policies select this machine.
public record NodeObject(
    ObjectKey key, Position source, JsonObject manifest, Map<String, String> labels)
    implements ClusterObject {
  public NodeObject {
    labels = Map.copyOf(labels);
  }
}
