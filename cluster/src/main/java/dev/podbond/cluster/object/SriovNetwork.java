package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import java.util.Optional;
import java.util.OptionalInt;

/// A SriovNetwork, from which the SR-IOV Network Operator renders a NetworkAttachmentDefinition.
///
/// @param networkNamespace the namespace of the network attachment
/// @param resourceName without a prefix
/// @param vlan 0 to 4096
/// @param vlanQos 0 to 7
/// @param capabilities JSON text
/// @param ipam JSON text
/// @param metaPlugins the text of one or more JSON objects, separated by commas
public record SriovNetwork(
    ObjectKey key,
    Position source,
    JsonObject manifest,
    String networkNamespace,
    String resourceName,
    int vlan,
    int vlanQos,
    Optional<String> vlanProto,
    Optional<String> spoofChk,
    Optional<String> trust,
    Optional<String> linkState,
    OptionalInt minTxRateMbps,
    OptionalInt maxTxRateMbps,
    Optional<String> capabilities,
    Optional<String> ipam,
    Optional<String> metaPlugins,
    Optional<String> logLevel,
    Optional<String> logFile)
    implements ClusterObject {}
