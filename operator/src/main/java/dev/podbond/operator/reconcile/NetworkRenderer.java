package dev.podbond.operator.reconcile;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.render.NetworkRendering;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.JsonObject;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

/// Renders SriovNetworks as `podbond apply` does on one machine, on clusters without the SR-IOV
/// Network Operator. Never beside it: both would write the same objects.
public final class NetworkRenderer implements ResourceEventHandler<GenericKubernetesResource> {
  private static final System.Logger LOG = System.getLogger(NetworkRenderer.class.getName());

  private final KubernetesClient client;
  private final String resourcePrefix;

  /// Stopped until it is started.
  public NetworkRenderer(KubernetesClient client, String resourcePrefix) {
    this.client = client;
    this.resourcePrefix = resourcePrefix;
  }

  /// Starts rendering.
  ///
  /// @throws IllegalStateException if the SR-IOV Network Operator is at work: its configuration
  ///   exists
  public void start() {
    var configurations =
        client
            .genericKubernetesResources(Resources.OPERATOR_CONFIGS)
            .inAnyNamespace()
            .list()
            .getItems();
    if (!configurations.isEmpty()) {
      throw new IllegalStateException(
          "PODBOND_RENDER_NETWORKS is true, but the SR-IOV Network Operator renders networks here:"
              + " there is a SriovOperatorConfig "
              + configurations.getFirst().getMetadata().getName()
              + "; set standalone.renderNetworks to false");
    }
    client.genericKubernetesResources(Resources.SRIOV_NETWORKS).inAnyNamespace().inform(this, 0);
  }

  @Override
  public void onAdd(GenericKubernetesResource network) {
    render(network);
  }

  @Override
  public void onUpdate(GenericKubernetesResource old, GenericKubernetesResource network) {
    if (!old.getAdditionalProperties().equals(network.getAdditionalProperties())) {
      render(network);
    }
  }

  @Override
  public void onDelete(GenericKubernetesResource network, boolean unknownFinalState) {
    read(
        network,
        (rendered, _) ->
            client
                .genericKubernetesResources(Resources.ATTACHMENTS)
                .inNamespace(rendered.networkNamespace())
                .withName(rendered.key().name())
                .delete());
  }

  private void render(GenericKubernetesResource network) {
    read(
        network,
        (_, attachment) ->
            client
                .resource(Resources.object(attachment))
                .patch(
                    new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(Resources.FIELD_MANAGER)
                        .withForce(true)
                        .build()));
  }

  private interface Use {
    void accept(SriovNetwork network, JsonObject attachment);
  }

  private void read(GenericKubernetesResource resource, Use use) {
    String name = resource.getMetadata().getNamespace() + "/" + resource.getMetadata().getName();
    try {
      ClusterObject object =
          ObjectReader.restore(Resources.json(resource).without("status"), "SriovNetwork " + name);
      if (object instanceof SriovNetwork network) {
        use.accept(network, NetworkRendering.render(network, resourcePrefix).manifest());
      }
    } catch (LocatedException | KubernetesClientException e) {
      LOG.log(System.Logger.Level.ERROR, "SriovNetwork " + name + " is not rendered", e);
    }
  }
}
