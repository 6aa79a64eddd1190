package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.cluster.uplink.UplinkMonitor;
import dev.podbond.json.JsonObject;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Optional;

/// An UplinkMonitor, with `spec` and `status` of sensible sizes.
@Group("podbond.dev")
@Version("v1alpha1")
@Kind(UplinkMonitor.KIND)
@Plural("uplinkmonitors")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class UplinkMonitorObject extends PartialObject {
  private static final long serialVersionUID = 1L;

  private transient PartialText spec = PartialText.NOTHING;
  private transient PartialText status = PartialText.NOTHING;

  /// What it says.
  public UplinkMonitor monitor() {
    return spec.problem()
        .map(why -> UplinkMonitor.unread(head(), why))
        .orElseGet(() -> UplinkMonitor.of(head().with("spec", spec.object())));
  }

  /// Its present status. One that is too large is not the operator's, and counts as none.
  public JsonObject status() {
    return status.problem().isPresent() ? JsonObject.of() : status.object();
  }

  private JsonObject head() {
    ObjectMeta metadata = getMetadata();
    JsonObject.Builder kept = JsonObject.builder();
    Optional.ofNullable(metadata.getName()).ifPresent(name -> kept.put("name", name));
    Optional.ofNullable(metadata.getUid()).ifPresent(uid -> kept.put("uid", uid));
    Optional.ofNullable(metadata.getGeneration()).ifPresent(all -> kept.put("generation", all));
    Optional.ofNullable(metadata.getCreationTimestamp())
        .ifPresent(time -> kept.put("creationTimestamp", time));
    return JsonObject.builder().put("metadata", kept.build()).build();
  }

  @Override
  public void setMetadata(ObjectMeta whole) {
    super.setMetadata(whole);
    getMetadata().setGeneration(whole.getGeneration());
    getMetadata().setCreationTimestamp(whole.getCreationTimestamp());
  }

  /// For the deserializer.
  @JsonDeserialize(using = PartialText.Reader.class)
  void setSpec(PartialText read) {
    spec = read;
  }

  /// For the deserializer.
  @JsonDeserialize(using = PartialText.Reader.class)
  void setStatus(PartialText read) {
    status = read;
  }
}
