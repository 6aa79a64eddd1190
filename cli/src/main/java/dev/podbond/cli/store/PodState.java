package dev.podbond.cli.store;

import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.Delegates;
import dev.podbond.cli.multus.PodIdentity;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
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

  static <X extends Exception> PodState read(JsonReader<X> in) throws X {
    PodIdentity identity =
        new PodIdentity(
            in.requireString("namespace"),
            in.requireString("name"),
            in.requireString("uid"),
            in.requireString("containerId"),
            in.require("netns", "a path", PodState::path));
    List<Delegate> delegates = new ArrayList<>();
    for (JsonReader<X> delegate : in.requireObjects("delegates")) {
      delegates.add(Delegate.read(delegate));
    }
    return new PodState(
        identity, in.requireBool("running"), delegates, in.requireString("networkStatus"));
  }

  private static Optional<Path> path(String text) {
    return text.indexOf('\0') < 0 ? Optional.of(Path.of(text)) : Optional.empty();
  }
}
