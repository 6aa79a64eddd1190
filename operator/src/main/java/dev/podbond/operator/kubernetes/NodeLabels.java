package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// A Node, reduced to its labels.
@Group("")
@Version("v1")
@Kind("Node")
@Plural("nodes")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class NodeLabels extends PartialObject {
  private static final long serialVersionUID = 1L;

  /// Sees all nodes, once it is started.
  public static SharedIndexInformer<NodeLabels> informer(KubernetesClient client) {
    return Resources.lasting(
        client.resources(NodeLabels.class).withLimit(Resources.LONG_PAGE).runnableInformer(0));
  }

  /// The labels of these nodes, by their names.
  public static Map<String, Map<String, String>> byName(Collection<NodeLabels> nodes) {
    Map<String, Map<String, String>> labels = new HashMap<>();
    for (NodeLabels node : nodes) {
      labels.put(node.getMetadata().getName(), node.labels());
    }
    return labels;
  }

  /// Its labels.
  public Map<String, String> labels() {
    Map<String, String> labels = getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  @Override
  public void setMetadata(ObjectMeta whole) {
    super.setMetadata(whole);
    getMetadata().setLabels(whole.getLabels());
  }
}
