package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/// A BondNetwork as the client carries it, whole and uninterpreted.
@Group("podbond.dev")
@Version("v1alpha1")
@Kind("BondNetwork")
@Plural("bondnetworks")
public final class BondNetworkResource extends CustomResource<JsonNode, JsonNode>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /// Annotations and managed fields, of which nothing is read, may be most of an object.
  @Override
  public void setMetadata(ObjectMeta whole) {
    whole.setAnnotations(null);
    whole.setManagedFields(null);
    super.setMetadata(whole);
  }

  @Override
  protected @Nullable JsonNode initSpec() {
    return null;
  }

  @Override
  protected @Nullable JsonNode initStatus() {
    return null;
  }
}
