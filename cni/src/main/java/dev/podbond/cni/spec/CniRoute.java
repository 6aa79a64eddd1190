package dev.podbond.cni.spec;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// A route that a plugin made or asks for, in a [CniResult].
///
/// @param dst the destination
/// @param gw the next hop; empty means the gateway of the address's subnet
/// @param mtu in bytes (printed since 1.0.0, as are the rest)
/// @param advmss the maximum segment size to advertise, in bytes
/// @param priority the lower one wins
/// @param table the routing table
/// @param scope the route scope, as in rtnetlink
/// @param unknown members the specification does not name
public record CniRoute(
    IpPrefix dst,
    Optional<InetAddress> gw,
    OptionalInt mtu,
    OptionalInt advmss,
    OptionalLong priority,
    OptionalLong table,
    OptionalInt scope,
    JsonObject unknown) {

  private static final long MAX_U32 = 0xffff_ffffL;
  private static final int MAX_SCOPE = 255;
  private static final Set<String> KNOWN =
      Set.of("dst", "gw", "mtu", "advmss", "priority", "table", "scope");

  /// A route with no attributes.
  public static CniRoute of(IpPrefix dst, Optional<InetAddress> gw) {
    return new CniRoute(
        dst,
        gw,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        JsonObject.of());
  }

  static CniRoute parse(JsonReader<CniException> in) throws CniException {
    OptionalLong priority = in.longInteger("priority", 0, MAX_U32);
    OptionalInt scope = in.integer("scope", 0, MAX_SCOPE);
    return new CniRoute(
        CniReader.prefix(in, "dst"),
        CniReader.address(in, "gw"),
        CniReader.nonZero(in, "mtu"),
        CniReader.nonZero(in, "advmss"),
        priority.orElse(0) == 0 ? OptionalLong.empty() : priority,
        in.longInteger("table", 0, MAX_U32),
        scope,
        CniReader.without(in, KNOWN));
  }

  JsonObject toJson(CniVersion version) {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("dst", dst.toString())
            .putIfPresent("gw", gw, address -> new JsonString(IpText.format(address)));
    if (version.isAtLeast(CniVersion.V1_0_0)) {
      out.putIfPresent("mtu", mtu)
          .putIfPresent("advmss", advmss)
          .putIfPresent("priority", priority)
          .putIfPresent("table", table)
          .putIfPresent("scope", scope);
    }
    return out.putAll(unknown).build();
  }
}
