package dev.podbond.cni.spec;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// An address that a plugin assigned, in a [CniResult].
///
/// @param interfaceIndex the place of its interface in the result's list; empty in an IPAM plugin's
///   answer
/// @param address the address with its prefix length
/// @param gateway the gateway of its subnet
/// @param unknown members the specification does not name
public record CniIp(
    OptionalInt interfaceIndex,
    IpPrefix address,
    Optional<InetAddress> gateway,
    JsonObject unknown) {

  private static final Set<String> KNOWN = Set.of("version", "interface", "address", "gateway");
  private static final Set<String> KNOWN_BEFORE_0_3_0 = Set.of("ip", "gateway", "routes");

  /// An address without an interface.
  public static CniIp of(IpPrefix address, Optional<InetAddress> gateway) {
    return new CniIp(OptionalInt.empty(), address, gateway, JsonObject.of());
  }

  /// This address on the interface at the given place of the result's list.
  public CniIp onInterface(int index) {
    return new CniIp(OptionalInt.of(index), address, gateway, unknown);
  }

  static CniIp parse(JsonReader<CniException> in) throws CniException {
    return new CniIp(
        in.integer("interface", Integer.MIN_VALUE, Integer.MAX_VALUE),
        CniReader.prefix(in, "address"),
        CniReader.address(in, "gateway"),
        CniReader.without(in, KNOWN));
  }

  /// Reads `ip4` or `ip6`, without its routes.
  static CniIp parseBefore030(JsonReader<CniException> in) throws CniException {
    return new CniIp(
        OptionalInt.empty(),
        CniReader.prefix(in, "ip"),
        CniReader.address(in, "gateway"),
        CniReader.without(in, KNOWN_BEFORE_0_3_0));
  }

  JsonObject toJson(CniVersion version) {
    JsonObject.Builder out = JsonObject.builder();
    if (!version.isAtLeast(CniVersion.V1_0_0)) {
      out.put("version", address.isIpv4() ? "4" : "6");
    }
    return out.putIfPresent("interface", interfaceIndex)
        .put("address", address.toString())
        .putIfPresent("gateway", gateway, CniIp::text)
        .putAll(unknownBut(KNOWN))
        .build();
  }

  /// Unknown members here must not become known members of the other layout.
  private JsonObject unknownBut(Set<String> known) {
    JsonObject rest = unknown;
    for (String name : known) {
      rest = rest.withoutAny(name);
    }
    return rest;
  }

  /// As `ip4` or `ip6`, without its routes and unknown members.
  JsonObject.Builder toJsonBefore030() {
    return JsonObject.builder()
        .put("ip", address.toString())
        .putIfPresent("gateway", gateway, CniIp::text);
  }

  /// The unknown members of `ip4` or `ip6`.
  JsonObject unknownBefore030() {
    return unknownBut(KNOWN_BEFORE_0_3_0);
  }

  private static JsonString text(InetAddress address) {
    return new JsonString(IpText.format(address));
  }
}
