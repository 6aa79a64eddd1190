package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import java.util.OptionalInt;

/// A SriovNetworkNodePolicy: how many VFs some PFs are to have, and the resource they are offered
/// as.
///
/// @param resourceName without a prefix
/// @param priority 0 to 99, of which 0 is the strongest
/// @param mtuBytes for the VFs, and at least that for their PF
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
