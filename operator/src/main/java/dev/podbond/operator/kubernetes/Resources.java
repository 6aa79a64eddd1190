package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;

/// The kinds of other projects that the operator reads and writes. Also the one place where objects
/// cross, as text, between the client's library and our JSON trees.
public final class Resources {
  public static final ResourceDefinitionContext NODE_STATES =
      sriov("SriovNetworkNodeState", "sriovnetworknodestates");
  public static final ResourceDefinitionContext OPERATOR_CONFIGS =
      sriov("SriovOperatorConfig", "sriovoperatorconfigs");
  private static final ResourceDefinitionContext ATTACHMENTS =
      namespaced(
          "k8s.cni.cncf.io", "v1", "NetworkAttachmentDefinition", "network-attachment-definitions");

  private static final ResourceDefinitionContext TEMPLATES =
      namespaced("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates");

  /// The name under which the operator owns the fields that it applies.
  public static final String FIELD_MANAGER = "podbond";

  /// The page size for kinds whose objects may have over a megabyte each.
  public static final long PAGE = 6;

  /// The page size for kinds with thousands of objects, nearly all small.
  public static final long LONG_PAGE = 20;

  private static final KubernetesSerialization SERIALIZATION = Serialization.create();

  private static final System.Logger LOG = System.getLogger(Resources.class.getName());

  private Resources() {}

  /// An object's name for messages.
  public static String name(HasMetadata resource) {
    ObjectMeta metadata = resource.getMetadata();
    return metadata == null
        ? resource.getKind() + " without a name"
        : resource.getKind() + " " + path(metadata);
  }

  /// `namespace/name`, or only the name for an object without a namespace.
  public static String path(ObjectMeta metadata) {
    return metadata.getNamespace() == null
        ? metadata.getName()
        : metadata.getNamespace() + "/" + metadata.getName();
  }

  /// The version of an object as a number, which grows with each change; 0 if it is unknown.
  public static long version(HasMetadata resource) {
    String version = resource.getMetadata().getResourceVersion();
    return version != null && version.matches("[0-9]{1,18}") ? Long.parseLong(version) : 0;
  }

  /// An object as a tree.
  public static JsonObject json(Object resource) {
    try {
      return Json.parseObject(SERIALIZATION.asJson(resource));
    } catch (JsonException e) {
      throw new IllegalStateException("the client wrote no JSON", e);
    }
  }

  /// The object from a tree.
  public static GenericKubernetesResource object(JsonObject json) {
    return SERIALIZATION.unmarshal(json.toString(), GenericKubernetesResource.class);
  }

  /// A part of an object from a tree, as the client carries it.
  public static JsonNode node(JsonObject json) {
    return SERIALIZATION.unmarshal(json.toString(), JsonNode.class);
  }

  /// Deletes a network attachment; a missing one is not a failure.
  public static void deleteAttachment(KubernetesClient client, String namespace, String name) {
    client.genericKubernetesResources(ATTACHMENTS).inNamespace(namespace).withName(name).delete();
  }

  /// Deletes a ResourceClaimTemplate; a missing one is not a failure.
  public static void deleteTemplate(KubernetesClient client, String namespace, String name) {
    client.genericKubernetesResources(TEMPLATES).inNamespace(namespace).withName(name).delete();
  }

  /// Brings an object to the given state by server-side apply; fields of others stay theirs.
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

  /// The same client, whose requests are made once: a client as it comes tries each again, ten
  /// times and for up to two minutes, while whoever asked waits.
  ///
  /// @param timeout of a request
  public static KubernetesClient tryingOnce(KubernetesClient client, Duration timeout) {
    return client
        .newClient(
            new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestTimeout(Math.toIntExact(timeout.toMillis()))
                .withRequestRetryBackoffLimit(0)
                .build())
        .adapt(KubernetesClient.class);
  }

  /// An informer of all objects of a kind, read page by page, and [#lasting].
  public static <R extends HasMetadata> SharedIndexInformer<R> informer(
      KubernetesClient client, Class<R> kind) {
    return lasting(client.resources(kind).inAnyNamespace().withLimit(PAGE).runnableInformer(0));
  }

  /// Makes an informer survive any object: the client's own informer stops for good at an object
  /// that it cannot read.
  public static <T> SharedIndexInformer<T> lasting(SharedIndexInformer<T> informer) {
    return informer.exceptionHandler((started, problem) -> {
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot watch " + informer.getApiTypeClass().getSimpleName() + " objects, tried again",
          problem);
      return started;
    });
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
