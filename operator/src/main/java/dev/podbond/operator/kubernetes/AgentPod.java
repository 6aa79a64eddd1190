package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Pod of the agent, reduced to its node and whether it is ready. Of a node that is gone
/// Kubernetes itself says that its pods are not.
@Group("")
@Version("v1")
@Kind("Pod")
@Plural("pods")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class AgentPod extends PartialObject implements Namespaced {
  private static final long serialVersionUID = 1L;

  private String node = "";
  private boolean ready;

  /// The part of a pod's `spec` that we need.
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec(@Nullable String nodeName) {}

  /// The part of a pod's `status` that we need.
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Status(@Nullable List<Condition> conditions) {}

  /// A condition.
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Condition(@Nullable String type, @Nullable String status) {}

  /// The node it runs on; empty before it is scheduled.
  public String node() {
    return node;
  }

  /// Whether its agent, and what reports beside it, answer.
  public boolean isReady() {
    return ready;
  }

  /// For the deserializer.
  public void setSpec(Spec spec) {
    node = spec.nodeName() == null ? "" : spec.nodeName().intern();
  }

  /// For the deserializer.
  public void setStatus(Status status) {
    ready =
        status.conditions() != null
            && status.conditions().stream()
                .anyMatch(condition ->
                    "Ready".equals(condition.type()) && "True".equals(condition.status()));
  }
}
