package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A BondNetwork in the form that the controller carries: its identity and its present status. Only
/// the view reads its `spec`.
@Group("podbond.dev")
@Version("v1alpha1")
@Kind("BondNetwork")
@Plural("bondnetworks")
public final class BondNetworkResource extends CustomResource<JsonNode, JsonNode>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /// Labels and annotations may be most of an object; we need none of them.
  @Override
  @JsonDeserialize(using = PartialMetadata.class)
  public void setMetadata(ObjectMeta whole) {
    super.setMetadata(
        new ObjectMetaBuilder()
            .withName(whole.getName())
            .withNamespace(whole.getNamespace())
            .withResourceVersion(whole.getResourceVersion())
            .withUid(whole.getUid())
            .withGeneration(whole.getGeneration())
            .withDeletionTimestamp(whole.getDeletionTimestamp())
            .build());
  }

  @Override
  @JsonDeserialize(using = PassedBy.class)
  public void setSpec(@Nullable JsonNode spec) {
    // Not kept.
  }

  @Override
  @JsonDeserialize(using = OwnStatus.class)
  public void setStatus(@Nullable JsonNode status) {
    super.setStatus(status);
  }

  @Override
  protected @Nullable JsonNode initSpec() {
    return null;
  }

  @Override
  protected @Nullable JsonNode initStatus() {
    return null;
  }

  /// Skips a value.
  static final class PassedBy extends JsonDeserializer<@Nullable JsonNode> {
    @Override
    public @Nullable JsonNode deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      parser.skipChildren();
      return null;
    }
  }

  /// Reads a status that may be the operator's own. A larger one is not ours and will be
  /// overwritten.
  static final class OwnStatus extends JsonDeserializer<@Nullable JsonNode> {
    @Override
    public @Nullable JsonNode deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      PartialText status = PartialText.read(parser, BoundedObject.LIMITS);
      return status.problem().isPresent() ? null : Resources.node(status.object());
    }
  }
}
