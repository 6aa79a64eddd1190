package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import java.util.Optional;

/// A NetworkAttachmentDefinition: a CNI configuration with a name that pods can request.
///
/// @param resourceName the annotation `k8s.v1.cni.cncf.io/resourceName`, prefix included: each pod
///   that requests the network gets one device of this resource
/// @param owner the annotation of the SR-IOV Network Operator with the SriovNetwork from which it
///   rendered this
/// @param configText `spec.config` as written
/// @param config the same as JSON, with its `name`: the configuration of a plugin or of a list
public record NetworkAttachment(
    ObjectKey key,
    Position source,
    JsonObject manifest,
    Optional<String> resourceName,
    Optional<String> owner,
    String configText,
    JsonObject config)
    implements ClusterObject {
  /// The annotation with the device pool from which a network takes its device.
  public static final String RESOURCE_NAME = "k8s.v1.cni.cncf.io/resourceName";

  /// The annotation with the object from which a network was rendered.
  public static final String OWNER = "sriovnetwork.openshift.io/owner-ref";

  /// Whose a network attachment of the same name is, in words, if it was not rendered from the same
  /// object as this one: then this one must not replace it.
  ///
  /// @param present the owner of the one that exists
  public Optional<String> ownedOtherwise(Optional<String> present) {
    return present.equals(owner)
        ? Optional.empty()
        : Optional.of(present.map(other -> "belongs to " + other).orElse("has no owner"));
  }
}
