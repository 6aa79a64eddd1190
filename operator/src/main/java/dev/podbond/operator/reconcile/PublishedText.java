package dev.podbond.operator.reconcile;

import dev.podbond.operator.kubernetes.Resources;
import dev.podbond.operator.kubernetes.ResyncQueue;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/// A text for the nodes, in a ConfigMap that a pod on each of them mounts, so that they need no
/// rights at the API server.
final class PublishedText {
  private static final System.Logger LOG = System.getLogger(PublishedText.class.getName());

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final String key;
  private final String what;

  /// @param namespace of the ConfigMap
  /// @param name its name
  /// @param key under which the text is
  /// @param what is in the text, for the log
  PublishedText(KubernetesClient client, String namespace, String name, String key, String what) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.key = key;
    this.what = what;
  }

  /// Whether a ConfigMap has this text.
  boolean isIn(ConfigMap map, String text) {
    return map.getData() != null && text.equals(map.getData().get(key));
  }

  /// Writes the text. What fails is said in the log and tried again.
  ///
  /// @param queue in which it is tried again
  /// @return whether nodes can read it
  boolean publish(String text, ResyncQueue queue) {
    try {
      Resources.apply(
          client,
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName(name)
              .withNamespace(namespace)
              .endMetadata()
              .addToData(key, text)
              .build());
      return true;
    } catch (KubernetesClientException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot write " + what + " into the ConfigMap " + name + ", tried again",
          e);
      queue.again();
      return false;
    }
  }
}
