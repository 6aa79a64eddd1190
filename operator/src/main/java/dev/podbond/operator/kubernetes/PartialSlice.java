package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.cluster.claim.DeviceSlice;
import dev.podbond.json.JsonObject;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;

/// A ResourceSlice, reduced to what claims of VFs ask about.
@Group("resource.k8s.io")
@Version("v1")
@Kind("ResourceSlice")
@Plural("resourceslices")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class PartialSlice extends PartialObject implements Rationed {
  private static final long serialVersionUID = 1L;

  private transient Devices devices =
      new Devices(DeviceSlice.of(JsonObject.of()), PartialText.NOTHING);

  /// @param slice what was read; nothing if the whole was too large
  /// @param whole without its text
  private record Devices(DeviceSlice slice, PartialText whole) {}

  /// Its devices.
  ///
  /// @throws NotReadException if it was too large
  public DeviceSlice slice() {
    JsonObject _ = devices.whole().object();
    return devices.slice();
  }

  @Override
  public String sharer() {
    return "node " + devices.slice().node();
  }

  /// One: the API has at most 128 devices in each.
  @Override
  public int cost() {
    return 1;
  }

  /// For the deserializer.
  @JsonDeserialize(using = Spec.class)
  void setSpec(PartialText spec) {
    devices =
        spec.problem().isPresent()
            ? new Devices(DeviceSlice.of(JsonObject.of()), spec)
            : new Devices(DeviceSlice.of(spec.object()), PartialText.NOTHING);
  }

  /// Reads a `spec`; drops it if it exceeds the limits.
  static final class Spec extends JsonDeserializer<PartialText> {
    @Override
    public PartialText deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return PartialText.read(parser, DeviceSlice.SPEC);
    }
  }
}
