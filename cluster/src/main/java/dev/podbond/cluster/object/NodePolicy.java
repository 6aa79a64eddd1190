package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import java.util.OptionalInt;

/// A SriovNetworkNodePolicy: how many VFs some PFs should have, and the resource that offers them.
///
/// @param resourceName without a prefix
/// @param priority 0 to 99; 0 is the strongest
/// @param mtuBytes the MTU of the VFs, and the minimum for their PF
/// @param numVfs more than 0
/// @param externallyManaged whether somebody else makes the VFs
public record NodePolicy(
    ObjectKey key,
    Position source,
    JsonObject manifest,
    String resourceName,
    int priority,
    OptionalInt mtuBytes,
    int numVfs,
    NicSelector nicSelector,
    boolean externallyManaged)
    implements ClusterObject {}
