package dev.podbond.operator.reconcile;

import dev.podbond.operator.kubernetes.MarkedNamespace;
import dev.podbond.operator.view.ClusterView;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/// Marks namespaces that have BondNetworks with a label. It tells the API server where a pod must
/// not pass while no operator answers; in other namespaces a dead operator blocks nothing. If a
/// user removes the label, it is set again: the view reports the change.
final class NamespaceMarks {
  private final KubernetesClient client;
  private final ClusterView view;

  NamespaceMarks(KubernetesClient client, ClusterView view) {
    this.client = client;
    this.view = view;
  }

  /// Returns whether the namespace has its mark; if not, the caller must try again.
  boolean mark(String namespace) {
    if (view.isMarked(namespace)) {
      return true;
    }
    try {
      client
          .namespaces()
          .withName(namespace)
          .edit(found ->
              new NamespaceBuilder(found)
                  .editMetadata()
                  .addToLabels(MarkedNamespace.LABEL, MarkedNamespace.VALUE)
                  .endMetadata()
                  .build());
      return true;
    } catch (KubernetesClientException e) {
      System.getLogger(NamespaceMarks.class.getName())
          .log(System.Logger.Level.WARNING, "cannot label namespace " + namespace, e);
      return false;
    }
  }
}
