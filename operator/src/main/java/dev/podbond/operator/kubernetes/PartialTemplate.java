package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.json.JsonObject;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/// A ResourceClaimTemplate, reduced to its owner: the API lets nobody change what it asks for.
@Group("resource.k8s.io")
@Version("v1")
@Kind("ResourceClaimTemplate")
@Plural("resourceclaimtemplates")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class PartialTemplate extends PartialObject implements Namespaced {
  private static final long serialVersionUID = 1L;

  private transient Seen seen = new Seen(JsonObject.of());

  /// The part that we keep.
  ///
  /// @param manifest the object without its `spec`, and with only part of its metadata
  public record Seen(JsonObject manifest) {}

  /// The part that we keep.
  public Seen seen() {
    return seen;
  }

  @Override
  public void setMetadata(ObjectMeta whole) {
    super.setMetadata(whole);
    ObjectMeta read =
        new ObjectMetaBuilder()
            .withName(whole.getName())
            .withNamespace(whole.getNamespace())
            .withOwnerReferences(whole.getOwnerReferences())
            .build();
    seen = new Seen(JsonObject.of("metadata", Resources.json(read)));
  }
}
