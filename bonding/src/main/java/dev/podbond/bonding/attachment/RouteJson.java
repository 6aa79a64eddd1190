package dev.podbond.bonding.attachment;

import dev.podbond.bonding.net.Route;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;

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

  static Route read(JsonReader<InvalidAttachmentException> fields)
      throws InvalidAttachmentException {
    return new Route(
        fields.require("dst", "an address prefix", IpPrefix::parse),
        fields.parsed("gw", "an IP address", IpText::parse),
        fields.integer("mtu", Integer.MIN_VALUE, Integer.MAX_VALUE),
        fields.integer("advmss", Integer.MIN_VALUE, Integer.MAX_VALUE),
        fields.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE),
        fields.integer("table", Integer.MIN_VALUE, Integer.MAX_VALUE),
        fields.integer("scope", Integer.MIN_VALUE, Integer.MAX_VALUE));
  }
}
