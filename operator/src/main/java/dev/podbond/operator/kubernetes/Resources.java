package dev.podbond.operator.kubernetes;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/// The kinds of other projects that the operator reads, and objects as JSON trees.
public final class Resources {
  public static final ResourceDefinitionContext SRIOV_NETWORKS =
      sriov("SriovNetwork", "sriovnetworks");
  public static final ResourceDefinitionContext POLICIES =
      sriov("SriovNetworkNodePolicy", "sriovnetworknodepolicies");
  public static final ResourceDefinitionContext NODE_STATES =
      sriov("SriovNetworkNodeState", "sriovnetworknodestates");
  public static final ResourceDefinitionContext OPERATOR_CONFIGS =
      sriov("SriovOperatorConfig", "sriovoperatorconfigs");
  public static final ResourceDefinitionContext ATTACHMENTS =
      namespaced(
          "k8s.cni.cncf.io", "v1", "NetworkAttachmentDefinition", "network-attachment-definitions");
  public static final ResourceDefinitionContext BOND_NETWORKS =
      namespaced("podbond.dev", "v1alpha1", "BondNetwork", "bondnetworks");

  /// Under which name the fields that the operator applies are its own.
  public static final String FIELD_MANAGER = "podbond";

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private Resources() {}

  /// An object as a tree.
  public static JsonObject json(Object resource) {
    try {
      return Json.parseObject(SERIALIZATION.asJson(resource));
    } catch (JsonException e) {
      throw new IllegalStateException("the client wrote no JSON", e);
    }
  }

  /// The object of a tree.
  public static GenericKubernetesResource object(JsonObject json) {
    return SERIALIZATION.unmarshal(json.toString(), GenericKubernetesResource.class);
  }

  /// Makes an object what it is to be, by server-side apply; fields of others stay theirs.
  ///
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server refuses
  public static void apply(KubernetesClient client, HasMetadata object) {
    client
        .resource(object)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(FIELD_MANAGER)
                .withForce(true)
                .build());
  }

  private static ResourceDefinitionContext sriov(String kind, String plural) {
    return namespaced("sriovnetwork.openshift.io", "v1", kind, plural);
  }

  private static ResourceDefinitionContext namespaced(
      String group, String version, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
