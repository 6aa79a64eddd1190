package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonObject;
import java.util.Optional;

/// A NetworkAttachmentDefinition: a CNI configuration under a name that pods can ask for.
///
/// @param resourceName the annotation `k8s.v1.cni.cncf.io/resourceName`, prefix included: each pod
///   that asks for the network gets one device of this resource
/// @param owner the annotation of the SR-IOV Network Operator that names the SriovNetwork from
///   which it was rendered
/// @param configText `spec.config` as written
/// @param config the same as JSON: a plugin's configuration, or a list's, with its `name`
public record NetworkAttachment(
    ObjectKey key,
    Position source,
    JsonObject manifest,
    Optional<String> resourceName,
    Optional<String> owner,
    String configText,
    JsonObject config)
    implements ClusterObject {
  /// Says which device pool a network takes its device from.
  public static final String RESOURCE_NAME = "k8s.v1.cni.cncf.io/resourceName";

  /// Says which object a network was rendered from.
  public static final String OWNER = "sriovnetwork.openshift.io/owner-ref";
}
