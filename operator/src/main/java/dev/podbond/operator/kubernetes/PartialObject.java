package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/// An object of which an informer keeps little: whole objects take a hundred times the memory, and
/// there are thousands.
abstract class PartialObject implements HasMetadata {
  private static final long serialVersionUID = 1L;

  private ObjectMeta metadata = new ObjectMeta();

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  /// Keeps only what identifies objects and their versions.
  @Override
  @JsonDeserialize(using = PartialMetadata.class)
  public void setMetadata(ObjectMeta whole) {
    metadata =
        new ObjectMetaBuilder()
            .withName(whole.getName())
            .withNamespace(whole.getNamespace())
            .withResourceVersion(whole.getResourceVersion())
            .withUid(whole.getUid())
            .build();
  }

  @Override
  public void setApiVersion(String version) {
    // The class determines it.
  }
}
