package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;

/// A Namespace: here no more than a name that others use, with or without this object.
public record NamespaceObject(ObjectKey key, Position source, JsonObject manifest)
    implements ClusterObject {}
