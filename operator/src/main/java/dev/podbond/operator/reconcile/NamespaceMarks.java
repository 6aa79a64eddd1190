package dev.podbond.operator.reconcile;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Marks namespaces that have BondNetworks with a label, by which the API server knows where a pod
/// must not pass while no operator answers. Elsewhere a dead operator stops nothing.
final class NamespaceMarks {
  static final String LABEL = "podbond.dev/bonds";

  private final KubernetesClient client;
  private final Set<String> marked = ConcurrentHashMap.newKeySet();

  NamespaceMarks(KubernetesClient client) {
    this.client = client;
  }

  void mark(String namespace) {
    if (!marked.add(namespace)) {
      return;
    }
    try {
      client
          .namespaces()
          .withName(namespace)
          .edit(found ->
              new NamespaceBuilder(found)
                  .editMetadata()
                  .addToLabels(LABEL, "true")
                  .endMetadata()
                  .build());
    } catch (KubernetesClientException e) {
      marked.remove(namespace);
      System.getLogger(NamespaceMarks.class.getName())
          .log(System.Logger.Level.WARNING, "cannot label namespace " + namespace, e);
    }
  }
}
