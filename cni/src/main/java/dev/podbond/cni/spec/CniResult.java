package dev.podbond.cni.spec;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The result of ADD. The value itself has no version: it can be read from, and written in, the
/// exact layout of any version of the specification.
///
/// | version | layout |
/// |---|---|
/// | 0.1.0, 0.2.0 | `ip4`, `ip6`: one address each with its routes; no interfaces |
/// | 0.3.0 to 0.4.0 | `interfaces`, `ips` with `version`, `routes`; `dns` printed even when empty |
/// | 1.0.0 | `ips` without `version`; empty `dns` left out |
/// | 1.1.0 | also MTU, socket and PCI address of interfaces, and attributes of routes |
///
/// @param interfaces in the order to which [CniIp#interfaceIndex] refers
/// @param ips addresses, the preferred ones first
/// @param routes routes of all families
/// @param dns name service settings
/// @param unknown top-level members the specification does not name; passed on
public record CniResult(
    List<CniInterface> interfaces,
    List<CniIp> ips,
    List<CniRoute> routes,
    Dns dns,
    JsonObject unknown) {

  /// The size limit; a larger result would not fit into the configuration of the next plugin
  /// either.
  public static final JsonLimits LIMITS = NetworkConfig.LIMITS;

  /// The result of an ADD that made nothing.
  public static final CniResult EMPTY =
      new CniResult(List.of(), List.of(), List.of(), Dns.NONE, JsonObject.of());

  private static final Set<String> KNOWN =
      Set.of("cniVersion", "interfaces", "ips", "routes", "dns", "ip4", "ip6");

  /// Copies the lists.
  public CniResult {
    interfaces = List.copyOf(interfaces);
    ips = List.copyOf(ips);
    routes = List.copyOf(routes);
  }

  /// A result of the given interfaces, without addresses.
  public static CniResult ofInterfaces(CniInterface... interfaces) {
    return EMPTY.withInterfaces(List.of(interfaces));
  }

  /// This result with other interfaces.
  public CniResult withInterfaces(List<CniInterface> newInterfaces) {
    return new CniResult(newInterfaces, ips, routes, dns, unknown);
  }

  /// This result with other addresses.
  public CniResult withIps(List<CniIp> newIps) {
    return new CniResult(interfaces, newIps, routes, dns, unknown);
  }

  /// This result with other routes.
  public CniResult withRoutes(List<CniRoute> newRoutes) {
    return new CniResult(interfaces, ips, newRoutes, dns, unknown);
  }

  /// This result with other name service settings.
  public CniResult withDns(Dns newDns) {
    return new CniResult(interfaces, ips, routes, newDns, unknown);
  }

  /// Reads a result in the layout of the version that it names, or of `otherwise` if it names no
  /// version.
  ///
  /// @throws CniException with code 1 if the version is unknown, with code 6 if a member is wrong
  public static CniResult parse(JsonObject json, CniVersion otherwise) throws CniException {
    JsonReader<CniException> in = CniReader.of(json);
    CniVersion version = versionOf(in, otherwise);
    Optional<JsonReader<CniException>> dns = in.object("dns");
    Dns parsedDns = dns.isPresent() ? Dns.parse(dns.get()) : Dns.NONE;
    JsonObject unknown = CniReader.without(in, KNOWN);
    if (!version.resultListsInterfaces()) {
      return parseBefore030(in, parsedDns, unknown);
    }
    List<CniInterface> interfaces = new ArrayList<>();
    for (JsonReader<CniException> element : in.objects("interfaces")) {
      interfaces.add(CniInterface.parse(element));
    }
    List<CniIp> ips = new ArrayList<>();
    for (JsonReader<CniException> element : in.objects("ips")) {
      ips.add(CniIp.parse(element));
    }
    return new CniResult(interfaces, ips, routes(in), parsedDns, unknown);
  }

  /// Reads a result from text; see [#parse(JsonObject, CniVersion)].
  ///
  /// @throws CniException also with code 6 if the text is not a JSON object, or beyond [#LIMITS]
  public static CniResult parse(String text, CniVersion otherwise) throws CniException {
    try {
      return parse(Json.parseObject(text, LIMITS), otherwise);
    } catch (JsonException e) {
      throw new CniException(
          CniErrorCode.DECODING_FAILURE, "cannot decode the result: " + e.getMessage(), e);
    }
  }

  /// This result in the exact layout of the version. Versions before 0.3.0 keep the first address
  /// of each family, the routes of those families, and no interfaces; versions before 1.1.0 drop
  /// the additions of 1.1.0. For a result without addresses the old layouts are nearly empty. The
  /// Go library refuses that; we do not, since `ip4` and `ip6` are optional, and so layer 2
  /// networks work in every version.
  public JsonObject toJson(CniVersion version) {
    JsonObject.Builder out = JsonObject.builder().put("cniVersion", version.text());
    if (version.resultListsInterfaces()) {
      putLists(out, version);
    } else {
      putFamilies(out, version);
    }
    if (!version.isAtLeast(CniVersion.V1_0_0) || !dns.isEmpty()) {
      out.put("dns", dns.toJson());
    }
    return out.putAll(unknown).build();
  }

  private void putLists(JsonObject.Builder out, CniVersion version) {
    putNonEmpty(out, "interfaces", interfaces.stream().map(i -> i.toJson(version)).toList());
    putNonEmpty(out, "ips", ips.stream().map(ip -> ip.toJson(version)).toList());
    putNonEmpty(out, "routes", routes.stream().map(route -> route.toJson(version)).toList());
  }

  private void putFamilies(JsonObject.Builder out, CniVersion version) {
    putFamily(out, version, "ip4", true);
    putFamily(out, version, "ip6", false);
  }

  private void putFamily(JsonObject.Builder out, CniVersion version, String key, boolean ipv4) {
    ips.stream()
        .filter(ip -> ip.address().isIpv4() == ipv4)
        .findFirst()
        .ifPresent(ip -> {
          JsonObject.Builder family = ip.toJsonBefore030();
          putNonEmpty(
              family,
              "routes",
              routes.stream()
                  .filter(route -> route.dst().isIpv4() == ipv4)
                  .map(route -> route.toJson(version))
                  .toList());
          out.put(key, family.putAll(ip.unknownBefore030()).build());
        });
  }

  private static void putNonEmpty(JsonObject.Builder out, String key, List<JsonObject> elements) {
    if (!elements.isEmpty()) {
      out.put(key, new JsonArray(List.<JsonValue>copyOf(elements)));
    }
  }

  private static CniResult parseBefore030(JsonReader<CniException> in, Dns dns, JsonObject unknown)
      throws CniException {
    List<CniIp> ips = new ArrayList<>();
    List<CniRoute> routes = new ArrayList<>();
    for (String key : List.of("ip4", "ip6")) {
      Optional<JsonReader<CniException>> family = in.object(key);
      if (family.isPresent()) {
        ips.add(CniIp.parseBefore030(family.get()));
        routes.addAll(routes(family.get()));
      }
    }
    return new CniResult(List.of(), ips, routes, dns, unknown);
  }

  private static List<CniRoute> routes(JsonReader<CniException> in) throws CniException {
    List<CniRoute> routes = new ArrayList<>();
    for (JsonReader<CniException> element : in.objects("routes")) {
      routes.add(CniRoute.parse(element));
    }
    return routes;
  }

  private static CniVersion versionOf(JsonReader<CniException> in, CniVersion otherwise)
      throws CniException {
    Optional<String> text = in.nonEmptyString("cniVersion");
    if (text.isEmpty()) {
      return otherwise;
    }
    return CniVersion.of(text.get())
        .orElseThrow(() ->
            new CniException(
                CniErrorCode.INCOMPATIBLE_VERSION,
                "unsupported CNI result version \"" + text.get() + "\"",
                "known are " + CniVersion.all()));
  }
}
