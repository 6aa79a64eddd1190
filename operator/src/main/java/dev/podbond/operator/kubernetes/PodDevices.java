package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Pod, reduced to its node and its devices.
@Group("")
@Version("v1")
@Kind("Pod")
@Plural("pods")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class PodDevices extends PartialObject implements Namespaced {
  private static final long serialVersionUID = 1L;

  /// More kinds of devices than any pod has; a pod that names more must not fill the memory of
  /// others.
  private static final int MAX_RESOURCES = 64;

  private static final int MAX_DEVICES = 1_000_000;

  private String node = "";
  private transient Map<String, Integer> devices = Map.of();

  /// The parts of a pod's `spec` that we need.
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec(@Nullable String nodeName, @Nullable List<Container> containers) {}

  /// The parts of a container that we need.
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Container(@Nullable Requirements resources) {}

  /// The resources that a container requests.
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Requirements(@Nullable Map<String, String> requests) {}

  /// The node it runs on; empty before it is scheduled.
  public String node() {
    return node;
  }

  /// How many devices it has, by resource.
  public Map<String, Integer> devices() {
    return devices;
  }

  private static int sum(int one, int other) {
    return (int) Math.min(MAX_DEVICES, (long) one + other);
  }

  /// For the deserializer.
  public void setSpec(Spec spec) {
    node = spec.nodeName() == null ? "" : spec.nodeName().intern();
    Map<String, Integer> found = new HashMap<>();
    for (Container container :
        spec.containers() == null ? List.<Container>of() : spec.containers()) {
      Requirements resources = container.resources();
      if (resources != null && resources.requests() != null) {
        resources
            .requests()
            .forEach((resource, count) -> {
              // Extended resources have a domain; cpu and memory do not.
              if (resource.indexOf('/') > 0
                  && count != null
                  && count.matches("[0-9]{1,9}")
                  && (found.containsKey(resource) || found.size() < MAX_RESOURCES)) {
                found.merge(resource.intern(), Integer.parseInt(count), PodDevices::sum);
              }
            });
      }
    }
    devices = Map.copyOf(found);
  }
}
