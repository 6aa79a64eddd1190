package dev.podbond.cli.object;

import dev.podbond.cli.yaml.Position;
import dev.podbond.json.JsonObject;

/// A Namespace: here no more than a name that others use, with or without this object.
public record NamespaceObject(ObjectKey key, Position source, JsonObject manifest)
    implements ClusterObject {}
