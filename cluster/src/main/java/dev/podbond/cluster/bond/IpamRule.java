package dev.podbond.cluster.bond;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a BondNetwork may make an IPAM plugin do. Such a plugin runs as root on every node, and its
/// configuration can name files that it writes there. A user who may write BondNetworks does not
/// thereby have the right to write network attachments.
///
/// @param types the allowed plugins
/// @param paths whether a configuration may name files of the node, or stores other than the
///   plugin's own
public record IpamRule(Set<String> types, boolean paths) {
  /// The default rule.
  public static final IpamRule DEFAULT =
      new IpamRule(Set.of("host-local", "static", "whereabouts"), false);

  private static final String IPAM = "ipam";
  private static final String TYPE = "type";

  /// Files and stores of host-local, whereabouts and dhcp, and of plugins modelled on these, in
  /// lower case. They are known by name, since a relative path does not look like a path.
  private static final Set<String> PLACES =
      Set.of(
          "datadir",
          "resolvconf",
          "log_file",
          "logfile",
          "configuration_path",
          "kubeconfig",
          "kubernetes",
          "k8s_api_root",
          "datastore",
          "daemonsocketpath",
          "socketpath");

  private static final List<String> PLACE_STARTS = List.of("etcd_");

  private static final int MAX_SHOWN = 100;

  public IpamRule {
    types = Set.copyOf(types);
  }

  /// The rule for a list of types separated by commas.
  public static IpamRule of(String types, boolean paths) {
    return new IpamRule(BondRules.types(types), paths);
  }

  /// Why a BondNetwork is refused, wherever in it an IPAM plugin is named.
  public Optional<String> refusal(BondNetwork bond) {
    return bond.configs().stream().flatMap(config -> within(config).stream()).findFirst();
  }

  /// Why an IPAM configuration is refused.
  public Optional<String> refusal(JsonObject ipam) {
    return foreignType(ipam).or(() -> paths ? Optional.empty() : place(ipam, IPAM));
  }

  private Optional<String> within(JsonValue value) {
    return switch (value) {
      case JsonObject object ->
          object.members().entrySet().stream()
              .flatMap(member -> ofMember(member.getKey(), member.getValue()).stream())
              .findFirst();
      case JsonArray(List<JsonValue> elements) ->
          elements.stream().flatMap(element -> within(element).stream()).findFirst();
      default -> Optional.empty();
    };
  }

  private Optional<String> ofMember(String key, JsonValue value) {
    return isNamed(key, IPAM) && value instanceof JsonObject ipam ? refusal(ipam) : within(value);
  }

  /// Finds members in any letter case, like Go's decoder, which IPAM plugins use.
  private Optional<String> foreignType(JsonObject ipam) {
    return ipam.members().entrySet().stream()
        .filter(member -> isNamed(member.getKey(), TYPE))
        .map(Map.Entry::getValue)
        .filter(value -> value instanceof JsonString(String type) && !types.contains(type))
        .findFirst()
        .map(value ->
            "ipam.type is "
                + shown(value)
                + ": a BondNetwork may name "
                + (types.isEmpty() ? "no IPAM plugin" : String.join(", ", new TreeSet<>(types)))
                + " here; the chart's value bondNetworks.ipamTypes allows others");
  }

  static Optional<String> place(JsonValue value, String where) {
    return switch (value) {
      case JsonObject object ->
          object.members().entrySet().stream()
              .flatMap(member -> {
                String path = where + "." + member.getKey();
                return (isPlace(member.getKey())
                        ? Optional.of(sentence(path, member.getValue()))
                        : place(member.getValue(), path))
                    .stream();
              })
              .findFirst();
      case JsonArray(List<JsonValue> elements) ->
          elements.stream().flatMap(element -> place(element, where).stream()).findFirst();
      case JsonString(String text) ->
          isPath(text) ? Optional.of(sentence(where, value)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static String sentence(String where, JsonValue found) {
    return shortened(where)
        + " is "
        + shown(found)
        + ": a BondNetwork may not choose which files of a node and which stores a plugin uses;"
        + " leave it out"
        + (isIn(where, IPAM) ? ", or have the chart's value bondNetworks.ipamPaths set" : "");
  }

  private static boolean isIn(String where, String start) {
    return where.equals(start) || where.startsWith(start + ".");
  }

  private static boolean isPlace(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return PLACES.stream().anyMatch(place -> isNamed(key, place))
        || PLACE_STARTS.stream().anyMatch(lower::startsWith);
  }

  private static boolean isPath(String text) {
    return text.startsWith("/") || text.contains("../") || text.contains("://");
  }

  private static boolean isNamed(String key, String name) {
    return key.equalsIgnoreCase(name);
  }

  private static String shown(JsonValue value) {
    return shortened(value.toString());
  }

  private static String shortened(String text) {
    return text.length() <= MAX_SHOWN ? text : Printable.head(text, MAX_SHOWN) + "...";
  }
}
