package dev.podbond.cluster.pod;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Optional;

/// One entry of a pod's annotation, including its unknown members.
///
/// @param interfaceName as written; if it is empty, Multus chooses
/// @param written the entry in the JSON form; empty in the form of names
record NetworkItem(
    String namespace, String name, Optional<String> interfaceName, Optional<JsonObject> written) {
  String path() {
    return namespace + "/" + name;
  }

  boolean is(NetworkItem other) {
    return path().equals(other.path()) && interfaceName.equals(other.interfaceName());
  }

  NetworkItem named(String wanted) {
    return new NetworkItem(namespace, name, Optional.of(wanted), written);
  }

  String asName() {
    return path() + interfaceName.map(link -> "@" + link).orElse("");
  }

  JsonObject asObject() {
    JsonObject entry =
        written.orElseGet(() ->
            JsonObject.of("name", new JsonString(name), "namespace", new JsonString(namespace)));
    return interfaceName.isEmpty() || entry.find("interface").isPresent()
        ? entry
        : entry.with("interface", new JsonString(interfaceName.get()));
  }
}
