package dev.podbond.operator.reconcile;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.render.NetworkRendering;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.PartialAttachment;
import dev.podbond.operator.kubernetes.PartialSriovNetwork;
import dev.podbond.operator.kubernetes.Resources;
import dev.podbond.operator.kubernetes.ResyncQueue;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keeps the network attachments of SriovNetworks in their required state, rendered as by `podbond
/// apply`, on clusters without the SR-IOV Network Operator. After any change it compares
/// everything, so missed events do no harm.
public final class NetworkRenderer {
  private static final System.Logger LOG = System.getLogger(NetworkRenderer.class.getName());

  private final KubernetesClient client;
  private final String resourcePrefix;
  private final OperatorNamespaces operatorNamespaces;
  private final ResyncQueue resync = new ResyncQueue(this::compare);
  private final SharedIndexInformer<PartialSriovNetwork> networks;
  private final SharedIndexInformer<PartialAttachment> attachments;
  private final Set<String> told = new HashSet<>();

  /// Call [#start] to start it.
  ///
  /// @param operatorNamespaces the namespaces whose SriovNetworks may be rendered into other
  ///   namespaces
  public NetworkRenderer(
      KubernetesClient client, String resourcePrefix, OperatorNamespaces operatorNamespaces) {
    this.client = client;
    this.operatorNamespaces = operatorNamespaces;
    this.resourcePrefix = resourcePrefix;
    this.networks = informer(PartialSriovNetwork.class);
    this.attachments = informer(PartialAttachment.class);
  }

  private <T extends HasMetadata> SharedIndexInformer<T> informer(Class<T> kind) {
    SharedIndexInformer<T> informer = Resources.informer(client, kind);
    informer.addEventHandler(resync.handler());
    return informer;
  }

  /// Starts rendering.
  public void start() {
    networks.start().toCompletableFuture().join();
    attachments.start().toCompletableFuture().join();
    resync.start();
  }

  private void compare() {
    Map<String, NetworkAttachment> wanted = wanted();
    Map<String, PartialAttachment> found = new HashMap<>();
    attachments
        .getStore()
        .list()
        .forEach(attachment -> found.put(Resources.path(attachment.getMetadata()), attachment));
    found.forEach((path, attachment) -> {
      if (!wanted.containsKey(path) && isRendered(attachment)) {
        attempt(path, () -> delete(attachment));
      }
    });
    wanted.forEach((path, attachment) ->
        attempt(path, () -> apply(attachment, Optional.ofNullable(found.get(path)))));
  }

  private void delete(PartialAttachment attachment) {
    Resources.deleteAttachment(
        client, attachment.getMetadata().getNamespace(), attachment.getMetadata().getName());
  }

  /// Runs a step; its failure, for example because of a missing namespace, does not stop the
  /// others.
  private void attempt(String path, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      tell("network attachment " + path + " is not as it has to be: " + e.getMessage());
      resync.again();
    }
  }

  private Map<String, NetworkAttachment> wanted() {
    Map<String, NetworkAttachment> wanted = new HashMap<>();
    for (PartialSriovNetwork resource : networks.getStore().list()) {
      var _ = Alone.attempt(() -> Resources.name(resource), () -> want(resource, wanted));
    }
    return wanted;
  }

  private void want(PartialSriovNetwork resource, Map<String, NetworkAttachment> wanted) {
    String name = Resources.name(resource);
    try {
      ClusterObject object = ObjectReader.restore(resource.manifest(), name);
      if (object instanceof SriovNetwork network) {
        operatorNamespaces.requireTarget(network);
        NetworkAttachment rendered = NetworkRendering.render(network, resourcePrefix);
        NetworkAttachment other = wanted.putIfAbsent(rendered.key().path(), rendered);
        if (other != null) {
          tell(name + " is not rendered: " + rendered.key() + " belongs to " + owner(other));
        }
      }
    } catch (LocatedException e) {
      tell(name + " is not rendered: " + e.getMessage());
    }
  }

  private void apply(NetworkAttachment wanted, Optional<PartialAttachment> found) {
    Optional<String> otherwise = found.flatMap(existing -> wanted.ownedOtherwise(owner(existing)));
    if (otherwise.isPresent()) {
      tell(
          wanted.owner().orElse("")
              + " is not rendered: there is a "
              + wanted.key()
              + " that "
              + otherwise.get()
              + "; delete it or give the network another name");
      return;
    }
    if (found.isPresent() && isAs(wanted, found.get())) {
      return;
    }
    Resources.apply(client, Resources.object(wanted.manifest()));
  }

  private static boolean isAs(NetworkAttachment wanted, PartialAttachment found) {
    return found.seen().configDigest().equals(PartialAttachment.digest(wanted.configText()))
        && annotation(found, NetworkAttachment.RESOURCE_NAME).equals(wanted.resourceName());
  }

  private static boolean isRendered(PartialAttachment attachment) {
    return owner(attachment).filter(NetworkRendering::isOwnerReference).isPresent();
  }

  private static Optional<String> owner(PartialAttachment attachment) {
    return annotation(attachment, NetworkAttachment.OWNER);
  }

  private static String owner(NetworkAttachment attachment) {
    return attachment.owner().orElse("nobody");
  }

  private static Optional<String> annotation(PartialAttachment object, String key) {
    JsonObject metadata = LenientObject.object(object.seen().manifest(), "metadata");
    return LenientObject.text(LenientObject.object(metadata, "annotations"), key);
  }

  /// Logs a problem only once, since everything is compared again and again.
  private void tell(String problem) {
    if (told.add(problem)) {
      LOG.log(System.Logger.Level.WARNING, problem);
    }
  }
}
