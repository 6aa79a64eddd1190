package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.cluster.claim.DeviceId;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;
import java.util.Set;

/// A ResourceClaim, reduced to the VFs that it has. Only the scheduler and drivers write its
/// status.
@Group("resource.k8s.io")
@Version("v1")
@Kind("ResourceClaim")
@Plural("resourceclaims")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class PartialClaim extends PartialObject implements Namespaced {
  private static final long serialVersionUID = 1L;

  private transient Has has = new Has(Set.of());

  /// The VFs that a claim has.
  public record Has(Set<DeviceId> devices) {
    public Has {
      devices = Set.copyOf(devices);
    }
  }

  /// The VFs that it has; none while the scheduler has not chosen any.
  public Has has() {
    return has;
  }

  /// For the deserializer.
  @JsonDeserialize(using = Status.class)
  void setStatus(Has read) {
    has = read;
  }

  /// Reads a status only for its devices; none if it exceeds the limits.
  static final class Status extends JsonDeserializer<Has> {
    @Override
    public Has deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      PartialText status = PartialText.read(parser, DeviceId.STATUS);
      return new Has(status.problem().isPresent() ? Set.of() : DeviceId.of(status.object()));
    }
  }
}
