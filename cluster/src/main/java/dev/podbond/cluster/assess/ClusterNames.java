package dev.podbond.cluster.assess;

import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Optional;
import java.util.function.Supplier;

/// The cluster's names for what bonds need.
///
/// @param resourcePrefix the prefix of the names of device resources, as "openshift.io"
/// @param plugin the name of the bond plugin on its nodes, which is the `type` of network
///   attachments
public record ClusterNames(String resourcePrefix, String plugin) {
  /// A resource of a policy or a network with its prefix, as pods request it.
  public String qualified(String resource) {
    return resourcePrefix + "/" + resource;
  }

  /// The resource of a network, prefix included, under which Multus knows its devices: from its
  /// network attachment, otherwise from what will be rendered into one.
  ///
  /// @param attachment its network attachment, if there is one
  /// @param network the network that is rendered into it; asked for only if need be
  public Optional<String> device(
      Optional<JsonObject> attachment, Supplier<Optional<VfNetwork>> network) {
    return attachment
        .map(found -> LenientObject.object(LenientObject.object(found, "metadata"), "annotations"))
        .flatMap(annotations -> LenientObject.text(annotations, NetworkAttachment.RESOURCE_NAME))
        .or(() -> network.get().map(VfNetwork::resource).map(this::qualified));
  }
}
