package dev.podbond.cluster.pod;

import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionAnnotation;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The entries of a pod's annotation, in the form in which it was written.
///
/// @param json whether it is in the JSON form
record NetworkItems(List<NetworkItem> items, boolean json) {
  NetworkItems {
    items = List.copyOf(items);
  }

  /// The entries; empty if the annotation is malformed, which Multus reports.
  static Optional<NetworkItems> parse(String annotation, String podNamespace) {
    if (annotation.isBlank()) {
      return Optional.empty();
    }
    try {
      if (Json.parse(annotation) instanceof JsonArray(List<JsonValue> elements)) {
        return ofElements(elements, podNamespace);
      }
    } catch (JsonException _) {
      // Names separated by commas are not JSON.
    }
    return ofNames(annotation, podNamespace);
  }

  private static Optional<NetworkItems> ofNames(String annotation, String podNamespace) {
    try {
      return Optional.of(
          new NetworkItems(
              SelectionAnnotation.parse(annotation, podNamespace).stream()
                  .map(selection -> item(selection, Optional.empty()))
                  .toList(),
              false));
    } catch (SelectionException _) {
      return Optional.empty();
    }
  }

  private static Optional<NetworkItems> ofElements(List<JsonValue> elements, String podNamespace) {
    List<NetworkItem> items = new ArrayList<>();
    for (JsonValue element : elements) {
      if (!(element instanceof JsonObject object)) {
        return Optional.empty();
      }
      // Members that only Multus uses stay as written and are not checked.
      JsonObject known =
          JsonObject.builder()
              .putIfPresent("name", object.find("name"))
              .putIfPresent("namespace", object.find("namespace"))
              .putIfPresent("interface", object.find("interface"))
              .putIfPresent("interfaceRequest", object.find("interfaceRequest"))
              .build();
      try {
        items.add(
            item(
                SelectionAnnotation.parse(JsonArray.of(known).toString(), podNamespace).getFirst(),
                Optional.of(object)));
      } catch (SelectionException _) {
        return Optional.empty();
      }
    }
    return Optional.of(new NetworkItems(items, true));
  }

  private static NetworkItem item(NetworkSelection selection, Optional<JsonObject> written) {
    return new NetworkItem(
        selection.namespace(), selection.name(), selection.interfaceName(), written);
  }

  /// The annotation with these entries.
  String text() {
    return json
        ? new JsonArray(items.stream().<JsonValue>map(NetworkItem::asObject).toList()).toString()
        : items.stream().map(NetworkItem::asName).collect(Collectors.joining(", "));
  }
}
