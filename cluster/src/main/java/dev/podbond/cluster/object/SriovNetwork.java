package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;

/// A SriovNetwork, from which the SR-IOV Network Operator renders a NetworkAttachmentDefinition.
/// The fields of its `spec` are those of the schema; most are copied as they are written.
///
/// @param networkNamespace the namespace of the network attachment
/// @param resourceName without a prefix
public record SriovNetwork(
    ObjectKey key,
    Position source,
    JsonObject manifest,
    String networkNamespace,
    String resourceName)
    implements ClusterObject {}
