package dev.podbond.cli.store;

import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.Delegates;
import dev.podbond.cli.multus.PodIdentity;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.PciAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The state of a pod.
///
/// @param running whether all of it was made; otherwise it was only begun, and its parts must be
///   removed
/// @param delegates its networks in the order in which they were attached
/// @param networkStatus the text of Multus' annotation; "" before it exists
public record PodState(
    PodIdentity identity, boolean running, List<Delegate> delegates, String networkStatus) {
  public PodState {
    delegates = List.copyOf(delegates);
  }

  /// A pod about to be made, not yet attached to anything.
  public static PodState begun(PodIdentity identity) {
    return new PodState(identity, false, List.of(), "");
  }

  /// This pod with one more network, attached or about to be attached.
  public PodState with(Delegate delegate) {
    return new PodState(
        identity,
        running,
        Stream.concat(delegates.stream(), Stream.of(delegate)).toList(),
        networkStatus);
  }

  /// This pod with everything made.
  public PodState finished(String status) {
    return new PodState(identity, true, delegates, status);
  }

  /// The VFs of the pod: those from pools, and those that a bond names itself.
  public Set<PciAddress> devices() {
    Set<PciAddress> devices = new HashSet<>();
    for (Delegate delegate : delegates) {
      delegate.device().ifPresent(devices::add);
      devices.addAll(Delegates.namedDevices(delegate.config()));
    }
    return Set.copyOf(devices);
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("namespace", identity.namespace())
        .put("name", identity.name())
        .put("uid", identity.uid())
        .put("containerId", identity.containerId())
        .put("netns", identity.netns().toString())
        .put("running", running)
        .put(
            "delegates",
            new JsonArray(delegates.stream().<JsonValue>map(Delegate::toJson).toList()))
        .put("networkStatus", networkStatus)
        .build();
  }

  static Optional<PodState> fromJson(JsonObject json) {
    if (json.get("namespace").orElse(json) instanceof JsonString(String namespace)
        && json.get("name").orElse(json) instanceof JsonString(String name)
        && json.get("uid").orElse(json) instanceof JsonString(String uid)
        && json.get("containerId").orElse(json) instanceof JsonString(String containerId)
        && json.get("netns").orElse(json) instanceof JsonString(String netns)
        && json.get("networkStatus").orElse(json) instanceof JsonString(String networkStatus)
        && json.get("running").orElse(json) instanceof JsonBoolean running
        && json.get("delegates").orElse(json) instanceof JsonArray elements
        && netns.indexOf('\0') < 0) {
      List<Delegate> delegates = new ArrayList<>();
      for (JsonValue element : elements.elements()) {
        Optional<Delegate> delegate =
            element instanceof JsonObject object ? Delegate.fromJson(object) : Optional.empty();
        if (delegate.isEmpty()) {
          return Optional.empty();
        }
        delegates.add(delegate.get());
      }
      PodIdentity identity = new PodIdentity(namespace, name, uid, containerId, Path.of(netns));
      return Optional.of(new PodState(identity, running.value(), delegates, networkStatus));
    }
    return Optional.empty();
  }
}
