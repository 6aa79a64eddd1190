package dev.podbond.cluster.multus;

import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.InterfaceName;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The annotation `k8s.v1.cni.cncf.io/networks` in both its forms: names separated by commas, or
/// JSON. It counts as JSON if it contains `[`, `{` or `"`.
public final class SelectionAnnotation {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  private SelectionAnnotation() {}

  /// The networks in order.
  ///
  /// @param podNamespace the namespace of networks that are named without one
  public static List<NetworkSelection> parse(String text, String podNamespace)
      throws SelectionException {
    boolean json = text.chars().anyMatch(c -> c == '[' || c == '{' || c == '"');
    return json ? parseJson(text, podNamespace) : parseNames(text, podNamespace);
  }

  private static List<NetworkSelection> parseNames(String text, String podNamespace)
      throws SelectionException {
    List<NetworkSelection> selections = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      selections.add(parseName(item.strip(), podNamespace));
    }
    return List.copyOf(selections);
  }

  /// `[<namespace>/]<name>[@<interface>]`.
  private static NetworkSelection parseName(String item, String podNamespace)
      throws SelectionException {
    String[] path = item.split("/", -1);
    String[] atoms = path[path.length - 1].split("@", -1);
    if (path.length > 2 || atoms.length > 2) {
      throw new SelectionException(
          "\"" + item + "\" is no network; write [<namespace>/]<name>[@<interface>]");
    }
    String namespace = path.length == 2 ? path[0].strip() : "";
    String interfaceName = atoms.length == 2 ? atoms[1].strip() : "";
    return NetworkSelection.of(
        namespace.isEmpty() ? podNamespace : requireName(item, namespace),
        requireName(item, atoms[0].strip()),
        interfaceName.isEmpty() ? Optional.empty() : Optional.of(requireInterface(interfaceName)));
  }

  private static List<NetworkSelection> parseJson(String text, String podNamespace)
      throws SelectionException {
    JsonValue value;
    try {
      value = Json.parse(text);
    } catch (JsonException e) {
      throw new SelectionException("it is meant as JSON and is none: " + e.getMessage());
    }
    if (!(value instanceof JsonArray array)) {
      throw new SelectionException("a list of networks belongs here, found " + value.aKind());
    }
    List<NetworkSelection> selections = new ArrayList<>();
    for (JsonValue element : array.elements()) {
      if (!(element instanceof JsonObject object)) {
        throw new SelectionException("a network is an object, found " + element);
      }
      selections.add(parseElement(object, podNamespace));
    }
    return List.copyOf(selections);
  }

  private static NetworkSelection parseElement(JsonObject json, String podNamespace)
      throws SelectionException {
    String name =
        string(json, "name")
            .orElseThrow(() -> new SelectionException("a network has no name: " + json));
    Optional<String> interfaceName = string(json, "interface");
    if (interfaceName.isEmpty()) {
      interfaceName = string(json, "interfaceRequest");
    }
    if (interfaceName.isPresent()) {
      requireInterface(interfaceName.get());
    }
    Optional<String> mac = string(json, "mac");
    if (mac.isPresent() && MacAddress.parse(mac.get()).isEmpty()) {
      throw new SelectionException(
          "network " + name + ": mac \"" + mac.get() + "\" is no MAC address");
    }
    Optional<String> namespace = string(json, "namespace");
    return new NetworkSelection(
        namespace.isEmpty() ? podNamespace : requireDnsName(namespace.get()),
        requireDnsName(name),
        interfaceName,
        ips(json, name),
        mac,
        string(json, "infiniband-guid"),
        object(json, "bandwidth"),
        array(json, "portMappings"),
        object(json, "cni-args"),
        string(json, "deviceID"),
        defaultRoute(json, name));
  }

  private static List<InetAddress> defaultRoute(JsonObject json, String network)
      throws SelectionException {
    List<InetAddress> gateways = new ArrayList<>();
    for (JsonValue element : array(json, "default-route").orElse(JsonArray.of()).elements()) {
      try {
        gateways.add(InetAddress.ofLiteral(element instanceof JsonString(String text) ? text : ""));
      } catch (IllegalArgumentException _) {
        throw new SelectionException(
            "network " + network + ": default-route has " + element + ", which is no IP address");
      }
    }
    return gateways;
  }

  private static List<String> ips(JsonObject json, String network) throws SelectionException {
    List<String> ips = new ArrayList<>();
    for (JsonValue element : array(json, "ips").orElse(JsonArray.of()).elements()) {
      if (!(element instanceof JsonString(String ip)) || !isAddress(ip)) {
        throw new SelectionException(
            "network " + network + ": ips has " + element + ", which is no IP address");
      }
      ips.add(ip);
    }
    return ips;
  }

  private static boolean isAddress(String text) {
    if (text.contains("/")) {
      return IpPrefix.parse(text).isPresent();
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String requireName(String item, String name) throws SelectionException {
    if (!NAME.matcher(name).matches()) {
      throw new SelectionException(
          "\""
              + item
              + "\" is no network: \""
              + name
              + "\" is no name; lower case letters, digits and '-' make one");
    }
    return name;
  }

  /// With any other name the API server would find nothing; here the name becomes a file name.
  private static String requireDnsName(String name) throws SelectionException {
    if (!ObjectKey.isName(name)) {
      throw new SelectionException(
          "\"" + name + "\" is no name for Kubernetes: lower case letters, digits, '-' and '.'");
    }
    return name;
  }

  private static String requireInterface(String name) throws SelectionException {
    if (!InterfaceName.isValid(name)) {
      throw new SelectionException(
          "\""
              + name
              + "\" is no name for an interface: at most "
              + InterfaceName.MAX_LENGTH
              + " characters, no blank and no slash");
    }
    return name;
  }

  private static Optional<String> string(JsonObject json, String key) throws SelectionException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonString(String text)) {
      return Optional.of(text).filter(t -> !t.isEmpty());
    }
    throw wrong(key, "a string", value.get());
  }

  private static Optional<JsonObject> object(JsonObject json, String key)
      throws SelectionException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonObject object) {
      return Optional.of(object);
    }
    throw wrong(key, "an object", value.get());
  }

  private static Optional<JsonArray> array(JsonObject json, String key) throws SelectionException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonArray array) {
      return Optional.of(array);
    }
    throw wrong(key, "a list", value.get());
  }

  private static SelectionException wrong(String key, String expected, JsonValue found) {
    return new SelectionException(key + " must be " + expected + ", found " + found);
  }
}
