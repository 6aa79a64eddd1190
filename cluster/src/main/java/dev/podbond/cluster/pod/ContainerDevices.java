package dev.podbond.cluster.pod;

import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Devices among the resources of containers. A quantity of devices is a whole number, as text or
/// as a number; its request equals its limit.
public final class ContainerDevices {
  private ContainerDevices() {}

  /// How many devices of a resource containers request together.
  public static int requested(List<JsonObject> containers, String resource) {
    return containers.stream().mapToInt(container -> requested(container, resource)).sum();
  }

  private static int requested(JsonObject container, String resource) {
    JsonObject resources = LenientObject.object(container, "resources");
    return Math.max(
        count(LenientObject.object(resources, "requests"), resource),
        count(LenientObject.object(resources, "limits"), resource));
  }

  private static int count(JsonObject quantities, String resource) {
    Optional<String> text =
        quantities
            .get(resource)
            .map(value -> value instanceof JsonString(String quoted) ? quoted : value.toString());
    return text.filter(number -> number.matches("[0-9]{1,9}")).map(Integer::parseInt).orElse(0);
  }

  /// The `resources` of a container that requests some more devices.
  static JsonObject with(JsonObject container, Map<String, Integer> more) {
    JsonObject resources = LenientObject.object(container, "resources");
    if (more.isEmpty()) {
      return resources;
    }
    for (String kind : List.of("requests", "limits")) {
      JsonObject quantities = LenientObject.object(resources, kind);
      for (Map.Entry<String, Integer> entry : more.entrySet()) {
        quantities =
            quantities.with(
                entry.getKey(),
                new JsonString(
                    JsonNumber.of(requested(container, entry.getKey()) + entry.getValue()).text()));
      }
      resources = resources.with(kind, quantities);
    }
    return resources;
  }
}
