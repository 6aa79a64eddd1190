package dev.podbond.ipam.config;

import dev.podbond.cni.spec.CniRoute;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// The `routes` of an IPAM configuration, which go into the result as they are.
public final class ConfiguredRoutes {
  private static final long MOST_U32 = 0xffff_ffffL;
  private static final int MOST_SCOPE = 255;
  private static final Set<String> ATTRIBUTES =
      Set.of("mtu", "advmss", "priority", "table", "scope");
  private static final Set<String> KNOWN =
      Set.of("dst", "gw", "mtu", "advmss", "priority", "table", "scope");

  private ConfiguredRoutes() {}

  /// Reads the routes.
  ///
  /// @param version before 1.0.0, releases of the plugins differ in what becomes of attributes, so
  ///   a route with one is unfamiliar
  public static List<CniRoute> of(Members ipam, CniVersion version) throws UnfamiliarException {
    List<CniRoute> routes = new ArrayList<>();
    for (JsonValue element : ipam.list("routes")) {
      routes.add(route(Members.all(ipam.place("routes[]"), element, KNOWN), version));
    }
    return routes;
  }

  private static CniRoute route(Members route, CniVersion version) throws UnfamiliarException {
    if (!version.isAtLeast(CniVersion.V1_0_0) && ATTRIBUTES.stream().anyMatch(route::has)) {
      throw new UnfamiliarException("a route has attributes in version " + version);
    }
    Optional<IpPrefix> dst = route.text("dst").flatMap(Ips::prefix);
    Optional<InetAddress> gw =
        route.has("gw") ? Optional.of(Ips.require(route, "gw").address()) : Optional.empty();
    OptionalLong scope = route.number("scope", MOST_SCOPE);
    return new CniRoute(
        dst.orElseThrow(() -> route.unfamiliar("dst", "is no network")),
        gw,
        size(route, "mtu"),
        size(route, "advmss"),
        nonZero(route.number("priority", MOST_U32)),
        route.number("table", MOST_U32),
        scope.isPresent() ? OptionalInt.of((int) scope.getAsLong()) : OptionalInt.empty(),
        JsonObject.of());
  }

  private static OptionalInt size(Members route, String key) throws UnfamiliarException {
    OptionalLong size = nonZero(route.number(key, Integer.MAX_VALUE));
    return size.isPresent() ? OptionalInt.of((int) size.getAsLong()) : OptionalInt.empty();
  }

  private static OptionalLong nonZero(OptionalLong number) {
    return number.orElse(0) == 0 ? OptionalLong.empty() : number;
  }
}
