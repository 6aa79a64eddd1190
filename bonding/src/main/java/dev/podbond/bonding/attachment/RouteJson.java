package dev.podbond.bonding.attachment;

import dev.podbond.bonding.net.Route;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.Optional;

/// Routes as JSON, with the keys of a CNI result.
final class RouteJson {
  private RouteJson() {}

  static JsonObject write(Route route) {
    return JsonObject.builder()
        .put("dst", route.destination().toString())
        .putIfPresent("gw", route.gateway(), hop -> new JsonString(IpText.format(hop)))
        .putIfPresent("mtu", route.mtuBytes())
        .putIfPresent("advmss", route.advmssBytes())
        .putIfPresent("priority", route.priority())
        .putIfPresent("table", route.table())
        .putIfPresent("scope", route.scope())
        .build();
  }

  static Route read(String path, JsonValue value) throws InvalidAttachmentException {
    Fields fields = Fields.of(path, value);
    return new Route(
        fields.required("dst", "an address prefix", IpPrefix::parse),
        fields.optional("gw", "an IP address", RouteJson::address),
        fields.optionalInteger("mtu", Integer.MIN_VALUE, Integer.MAX_VALUE),
        fields.optionalInteger("advmss", Integer.MIN_VALUE, Integer.MAX_VALUE),
        fields.optionalInteger("priority", Integer.MIN_VALUE, Integer.MAX_VALUE),
        fields.optionalInteger("table", Integer.MIN_VALUE, Integer.MAX_VALUE),
        fields.optionalInteger("scope", Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
