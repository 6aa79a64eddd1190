package dev.podbond.cluster.multus;

import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonValue;
import dev.podbond.value.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The annotation `k8s.v1.cni.cncf.io/networks` in both its forms: names separated by commas, or
/// JSON. It counts as JSON if it contains `[`, `{` or `"`.
///
/// @param networks in order
/// @param json whether it is in the JSON form
public record SelectionAnnotation(List<NetworkSelection> networks, boolean json) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  public SelectionAnnotation {
    networks = List.copyOf(networks);
  }

  /// The networks in order, with requests that are all understood.
  ///
  /// @param podNamespace the namespace of networks that are named without one
  public static List<NetworkSelection> parse(String text, String podNamespace)
      throws SelectionException {
    List<NetworkSelection> networks = of(text, podNamespace).networks();
    for (NetworkSelection network : networks) {
      NetworkRequests _ = network.requests();
    }
    return networks;
  }

  /// The annotation by its names. Members that only Multus uses stay as written and are not
  /// checked.
  ///
  /// @param podNamespace the namespace of networks that are named without one
  public static SelectionAnnotation of(String text, String podNamespace) throws SelectionException {
    boolean json = text.chars().anyMatch(c -> c == '[' || c == '{' || c == '"');
    return new SelectionAnnotation(
        json ? parseJson(text, podNamespace) : parseNames(text, podNamespace), json);
  }

  /// The annotation's text.
  public String text() {
    return json
        ? new JsonArray(networks.stream().<JsonValue>map(NetworkSelection::asObject).toList())
            .toString()
        : networks.stream().map(NetworkSelection::asName).collect(Collectors.joining(", "));
  }

  private static List<NetworkSelection> parseNames(String text, String podNamespace)
      throws SelectionException {
    List<NetworkSelection> selections = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      selections.add(parseName(item.strip(), podNamespace));
    }
    return selections;
  }

  /// `[<namespace>/]<name>[@<interface>]`.
  private static NetworkSelection parseName(String item, String podNamespace)
      throws SelectionException {
    String[] path = item.split("/", -1);
    String[] atoms = path[path.length - 1].split("@", -1);
    if (path.length > 2 || atoms.length > 2) {
      throw new SelectionException(
          "\"" + item + "\" is not a network; write [<namespace>/]<name>[@<interface>]");
    }
    String namespace = path.length == 2 ? path[0].strip() : "";
    String interfaceName = atoms.length == 2 ? atoms[1].strip() : "";
    return new NetworkSelection(
        namespace.isEmpty() ? podNamespace : requireName(item, namespace),
        requireName(item, atoms[0].strip()),
        interfaceName.isEmpty() ? Optional.empty() : Optional.of(requireInterface(interfaceName)),
        Optional.empty());
  }

  private static List<NetworkSelection> parseJson(String text, String podNamespace)
      throws SelectionException {
    JsonValue value;
    try {
      value = Json.parse(text);
    } catch (JsonException e) {
      throw new SelectionException("it begins like JSON but is not JSON: " + e.getMessage());
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
    return selections;
  }

  private static NetworkSelection parseElement(JsonObject json, String podNamespace)
      throws SelectionException {
    JsonReader<SelectionException> in = reader(json);
    String name =
        in.nonEmptyString("name")
            .orElseThrow(() -> new SelectionException("a network has no name: " + json));
    Optional<String> interfaceName = in.nonEmptyString("interface");
    if (interfaceName.isEmpty()) {
      interfaceName = in.nonEmptyString("interfaceRequest");
    }
    if (interfaceName.isPresent()) {
      requireInterface(interfaceName.get());
    }
    Optional<String> namespace = in.nonEmptyString("namespace");
    return new NetworkSelection(
        namespace.isEmpty() ? podNamespace : requireDnsName(namespace.get()),
        requireDnsName(name),
        interfaceName,
        Optional.of(json));
  }

  /// Reads an entry as Multus does, but refuses members of a wrong type.
  static JsonReader<SelectionException> reader(JsonObject entry) {
    return JsonReader.of(
        entry,
        JsonReader.Keys.GO,
        (key, expected, found) -> {
          throw new SelectionException(
              key
                  + " must be "
                  + expected
                  + ", found "
                  + found.map(JsonValue::toString).orElse(""));
        });
  }

  private static String requireName(String item, String name) throws SelectionException {
    if (!NAME.matcher(name).matches()) {
      throw new SelectionException(
          "\""
              + item
              + "\" is not a network: \""
              + name
              + "\" is not a name; use lower case letters, digits and '-'");
    }
    return name;
  }

  /// With any other name the API server would find nothing; here the name becomes a file name.
  private static String requireDnsName(String name) throws SelectionException {
    if (!ObjectKey.isName(name)) {
      throw new SelectionException(
          "\"" + name + "\" is not a name for Kubernetes: lower case letters, digits, '-' and '.'");
    }
    return name;
  }

  private static String requireInterface(String name) throws SelectionException {
    if (!InterfaceName.isValid(name)) {
      throw new SelectionException(
          "\""
              + name
              + "\" is not a name for an interface: at most "
              + InterfaceName.MAX_LENGTH
              + " characters, no blank and no slash");
    }
    return name;
  }
}
