package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Map;

/// A Node, of which nothing is kept but its labels.
@Group("")
@Version("v1")
@Kind("Node")
@Plural("nodes")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class NodeLabels implements HasMetadata {
  private static final long serialVersionUID = 1L;

  private ObjectMeta metadata = new ObjectMeta();

  /// Its labels.
  public Map<String, String> labels() {
    return metadata.getLabels() == null ? Map.of() : metadata.getLabels();
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta whole) {
    metadata =
        new ObjectMetaBuilder()
            .withName(whole.getName())
            .withLabels(whole.getLabels())
            .withResourceVersion(whole.getResourceVersion())
            .withUid(whole.getUid())
            .build();
  }

  @Override
  public void setApiVersion(String version) {
    // Always v1.
  }
}
