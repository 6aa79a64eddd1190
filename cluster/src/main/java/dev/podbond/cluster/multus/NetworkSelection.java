package dev.podbond.cluster.multus;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Optional;

/// One network that a pod's annotation requests.
///
/// @param interfaceName the requested name of the pod's interface; if it is empty, Multus chooses
/// @param written the entry in the JSON form, with all its members; empty in the form of names
public record NetworkSelection(
    String namespace, String name, Optional<String> interfaceName, Optional<JsonObject> written) {

  /// A network under an interface name, with no further requests.
  public static NetworkSelection of(String namespace, String name, String interfaceName) {
    return new NetworkSelection(namespace, name, Optional.of(interfaceName), Optional.empty());
  }

  /// What the entry requests besides the network and its name.
  ///
  /// @throws SelectionException if one of the requests is not understood
  public NetworkRequests requests() throws SelectionException {
    return NetworkRequests.of(name, written.orElse(JsonObject.of()));
  }

  /// `namespace/name`.
  public String path() {
    return namespace + "/" + name;
  }

  /// Whether both request the same network under the same name.
  public boolean isLike(NetworkSelection other) {
    return path().equals(other.path()) && interfaceName.equals(other.interfaceName());
  }

  /// The same entry with this interface name.
  public NetworkSelection named(String wanted) {
    return new NetworkSelection(namespace, name, Optional.of(wanted), written);
  }

  /// The entry in the form of names.
  public String asName() {
    return path() + interfaceName.map(link -> "@" + link).orElse("");
  }

  /// The entry in the JSON form.
  JsonObject asObject() {
    JsonObject entry =
        written.orElseGet(() ->
            JsonObject.of("name", new JsonString(name), "namespace", new JsonString(namespace)));
    return interfaceName.isEmpty() || entry.find("interface").isPresent()
        ? entry
        : entry.with("interface", new JsonString(interfaceName.get()));
  }
}
