package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;

/// A Namespace: only a name here. Other objects use it whether or not this object exists.
public record NamespaceObject(ObjectKey key, Position source, JsonObject manifest)
    implements ClusterObject {}
