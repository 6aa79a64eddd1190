package dev.podbond.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionAnnotation;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.observed.BondUse;
import dev.podbond.cluster.observed.PodCondition;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A Pod, reduced to its node, its devices, the networks that it asked for, and its conditions of
/// ours.
@Group("")
@Version("v1")
@Kind("Pod")
@Plural("pods")
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class PodDevices extends PartialObject implements Namespaced {
  /// More than any pod with a bond has. A tenant may ask for as many as an annotation holds.
  private static final int MOST_NETWORKS = 128;

  private static final long serialVersionUID = 1L;

  /// More kinds of devices than any pod has; a pod that names more must not fill the memory of
  /// others.
  private static final int MAX_RESOURCES = 64;

  private static final int MAX_DEVICES = 1_000_000;
  private static final int MAX_CONDITION = 1024;

  private String node = "";
  private transient Map<String, Integer> devices = Map.of();
  private transient List<BondUse> networks = List.of();
  private transient List<PodCondition> conditions = List.of();
  private boolean ending;

  /// The part of a pod's `status` that we need.
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Status(@Nullable List<Condition> conditions) {}

  /// A condition.
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Condition(
      @Nullable String type,
      @Nullable String status,
      @Nullable String reason,
      @Nullable String message) {}

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

  /// The networks that it asked for, bonds or not. None if there are more than any pod with a bond
  /// has.
  public List<BondUse> networks() {
    return networks;
  }

  /// Its conditions of ours.
  public List<PodCondition> conditions() {
    return conditions;
  }

  /// Whether it is being deleted.
  public boolean isEnding() {
    return ending;
  }

  @Override
  public void setMetadata(ObjectMeta whole) {
    super.setMetadata(whole);
    ending = whole.getDeletionTimestamp() != null;
    Map<String, String> annotations = whole.getAnnotations();
    networks =
        annotations == null || !annotations.containsKey(PodObject.NETWORKS)
            ? List.of()
            : networks(
                annotations.getOrDefault(PodObject.NETWORKS, ""),
                Objects.requireNonNullElse(whole.getNamespace(), ""));
  }

  private static List<BondUse> networks(String annotation, String namespace) {
    try {
      List<NetworkSelection> all = SelectionAnnotation.of(annotation, namespace).networks();
      if (all.size() > MOST_NETWORKS) {
        return List.of();
      }
      return all.stream()
          .map(network ->
              new BondUse(network.path().intern(), network.interfaceName().orElse("").intern()))
          .toList();
    } catch (SelectionException _) {
      return List.of();
    }
  }

  /// For the deserializer.
  public void setStatus(Status status) {
    conditions =
        status.conditions() == null
            ? List.of()
            : status.conditions().stream()
                .filter(condition ->
                    PodCondition.UP.equals(condition.type())
                        || PodCondition.REDUNDANT.equals(condition.type()))
                .limit(2)
                .map(condition ->
                    new PodCondition(
                        text(condition.type()),
                        text(condition.status()),
                        text(condition.reason()),
                        text(condition.message())))
                .toList();
  }

  /// Not ours if it is longer; then it is written again.
  private static String text(@Nullable String text) {
    return text == null || text.length() > MAX_CONDITION ? "" : text.intern();
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
