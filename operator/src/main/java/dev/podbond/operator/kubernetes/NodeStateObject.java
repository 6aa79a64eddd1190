package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.cluster.observed.NodeReport;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;

/// A BondNodeState, of which the text of the status is kept until somebody reads it.
@Group("podbond.dev")
@Version("v1alpha1")
@Kind("BondNodeState")
@Plural("bondnodestates")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class NodeStateObject extends PartialObject {
  private static final long serialVersionUID = 1L;

  private transient PartialText status = PartialText.NOTHING;

  /// What the node reports.
  ///
  /// @throws NotReadException if it was too large to be kept
  public NodeReport report() {
    return NodeReport.of(getMetadata().getName(), status.object());
  }

  /// For the deserializer.
  @JsonDeserialize(using = Status.class)
  void setStatus(PartialText read) {
    status = read;
  }

  /// Reads a status; drops it if it exceeds the limits.
  static final class Status extends JsonDeserializer<PartialText> {
    @Override
    public PartialText deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return PartialText.read(parser, NodeReport.LIMITS);
    }
  }
}
