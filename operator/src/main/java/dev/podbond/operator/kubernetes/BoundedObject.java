package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Optional;

/// An object of which an informer keeps name, version and a `spec` of a sensible size: a user who
/// may create one may create many, each with a `spec` of over a megabyte.
public abstract class BoundedObject extends PartialObject implements Namespaced, Rationed {
  /// The limits of a `spec`.
  static final JsonLimits LIMITS = BondNetwork.SPEC;

  private static final long serialVersionUID = 1L;

  private transient PartialText spec = PartialText.NOTHING;

  /// The object without its status.
  ///
  /// @throws NotReadException if there is a [#problem]
  public final JsonObject manifest() {
    return head().with("spec", spec.object());
  }

  /// The object with neither `spec` nor status.
  public final JsonObject head() {
    ObjectMeta metadata = getMetadata();
    JsonObject.Builder kept = JsonObject.builder();
    Optional.ofNullable(metadata.getName()).ifPresent(name -> kept.put("name", name));
    Optional.ofNullable(metadata.getNamespace()).ifPresent(name -> kept.put("namespace", name));
    Optional.ofNullable(metadata.getUid()).ifPresent(uid -> kept.put("uid", uid));
    Optional.ofNullable(metadata.getGeneration()).ifPresent(all -> kept.put("generation", all));
    return JsonObject.builder()
        .put("apiVersion", getApiVersion())
        .put("kind", getKind())
        .put("metadata", kept.build())
        .build();
  }

  /// Why its `spec` was not read; empty if it was.
  public final Optional<String> problem() {
    return spec.problem();
  }

  @Override
  public final String sharer() {
    return "namespace " + getMetadata().getNamespace();
  }

  /// The approximate size of its manifest's tree in bytes, with its name and version.
  @Override
  public final int cost() {
    return 1024 + spec.text().length() + 64 * spec.values();
  }

  @Override
  public void setMetadata(ObjectMeta whole) {
    super.setMetadata(whole);
    getMetadata().setGeneration(whole.getGeneration());
  }

  /// For the deserializer.
  @JsonDeserialize(using = PartialText.Reader.class)
  void setSpec(PartialText read) {
    spec = read;
  }
}
