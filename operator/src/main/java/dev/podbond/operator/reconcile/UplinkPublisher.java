package dev.podbond.operator.reconcile;

import dev.podbond.bonding.uplink.PublishedUplinks;
import dev.podbond.cluster.uplink.FollowedMonitors;
import dev.podbond.cluster.uplink.FollowedMonitors.Share;
import dev.podbond.cluster.uplink.UplinkMonitor;
import dev.podbond.cluster.uplink.UplinkMonitorStatus;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.NodeLabels;
import dev.podbond.operator.kubernetes.Resources;
import dev.podbond.operator.kubernetes.ResyncQueue;
import dev.podbond.operator.kubernetes.UplinkMonitorObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts what UplinkMonitors set into a ConfigMap that the agent on every node mounts, so that nodes
/// need no rights at the API server, and says in each monitor's status which nodes follow it.
public final class UplinkPublisher implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(UplinkPublisher.class.getName());
  private static final String NAME = "podbond-uplink";

  private final KubernetesClient client;
  private final PublishedText text;
  private final InstantSource clock;
  private final ResyncQueue resync = new ResyncQueue(this::compare);
  private final SharedIndexInformer<UplinkMonitorObject> monitors;
  private final SharedIndexInformer<NodeLabels> nodes;
  private final SharedIndexInformer<ConfigMap> published;

  /// What was written of each monitor, by uid, until the informer has it.
  private Map<String, Written> written = Map.of();

  private record Written(long version, JsonObject status) {}

  /// Call [#start] to start it.
  ///
  /// @param namespace of the ConfigMap
  public UplinkPublisher(KubernetesClient client, String namespace, InstantSource clock) {
    this.client = client;
    this.text =
        new PublishedText(
            client, namespace, NAME, PublishedUplinks.FILE, "what UplinkMonitors set");
    this.clock = clock;
    monitors =
        Resources.lasting(
            client
                .resources(UplinkMonitorObject.class)
                .withLimit(Resources.LONG_PAGE)
                .runnableInformer(0));
    nodes = NodeLabels.informer(client);
    published =
        Resources.lasting(
            client.configMaps().inNamespace(namespace).withName(NAME).runnableInformer(0));
  }

  /// Starts publishing.
  public void start() {
    for (SharedIndexInformer<?> informer : List.of(monitors, nodes, published)) {
      informer.start().toCompletableFuture().join();
    }
    monitors.addEventHandler(resync.handler());
    nodes.addEventHandler(resync.handler());
    // What others write into the ConfigMap is taken back.
    published.addEventHandler(resync.handler());
    resync.start();
  }

  private void compare() {
    Map<String, UplinkMonitorObject> objects = new HashMap<>();
    List<UplinkMonitor> all = new ArrayList<>();
    for (UplinkMonitorObject object : monitors.getStore().list()) {
      var _ =
          Alone.attempt(
              () -> Resources.name(object),
              () -> {
                all.add(object.monitor());
                objects.put(object.getMetadata().getName(), object);
              });
    }
    FollowedMonitors followed =
        FollowedMonitors.of(all, NodeLabels.byName(nodes.getStore().list()));
    PublishedUplinks now = followed.published();
    if (!publish(now.json().toString())) {
      return;
    }
    Map<String, Written> known = new HashMap<>();
    for (Share share : followed.shares()) {
      UplinkMonitorObject object = objects.get(share.monitor().name());
      if (object != null) {
        known.put(share.monitor().uid(), tell(object, share, now));
      }
    }
    written = known;
  }

  /// Whether nodes can read this text.
  private boolean publish(String now) {
    return published.getStore().list().stream().anyMatch(map -> text.isIn(map, now))
        || text.publish(now, resync);
  }

  /// Writes a status if it has changed.
  private Written tell(UplinkMonitorObject object, Share share, PublishedUplinks now) {
    Written seen = new Written(Resources.version(object), object.status());
    Written last =
        Optional.ofNullable(written.get(share.monitor().uid()))
            .filter(ours -> ours.version() > seen.version())
            .orElse(seen);
    JsonObject status =
        UplinkMonitorStatus.of(
            share, now, last.status(), clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    if (status.equals(last.status())) {
      return last;
    }
    try {
      UplinkMonitorObject stored =
          client
              .resources(UplinkMonitorObject.class)
              .withName(share.monitor().name())
              .subresource("status")
              .patch(
                  PatchContext.of(PatchType.JSON_MERGE), merge(share.monitor(), status).toString());
      return new Written(Resources.version(stored), status);
    } catch (KubernetesClientException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot write the status of UplinkMonitor " + share.monitor().name() + ", tried again",
          e);
      resync.again();
      return last;
    }
  }

  /// With the UID the API server refuses it for another monitor of that name.
  private static JsonObject merge(UplinkMonitor monitor, JsonObject status) {
    return JsonObject.of(
        "metadata", JsonObject.of("uid", new JsonString(monitor.uid())), "status", status);
  }

  @Override
  public void close() {
    resync.close();
    monitors.close();
    nodes.close();
    published.close();
  }
}
