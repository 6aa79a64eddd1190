package dev.podbond.cluster.multus;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an entry of a pod's annotation requests of its network.
///
/// @param ips requested addresses, with or without prefix length
/// @param cniArgs goes to the plugin as `args.cni`
/// @param deviceId a device chosen by the pod's author
/// @param defaultRoute gateways behind this network that replace every other default route of their
///   family in the pod
public record NetworkRequests(
    List<String> ips,
    Optional<String> mac,
    Optional<String> infinibandGuid,
    Optional<JsonObject> bandwidth,
    Optional<JsonArray> portMappings,
    Optional<JsonObject> cniArgs,
    Optional<String> deviceId,
    List<InetAddress> defaultRoute) {
  public NetworkRequests {
    ips = List.copyOf(ips);
    defaultRoute = List.copyOf(defaultRoute);
  }

  /// The requests of one entry.
  static NetworkRequests of(String network, JsonObject entry) throws SelectionException {
    JsonReader<SelectionException> in = SelectionAnnotation.reader(entry);
    Optional<String> mac = in.nonEmptyString("mac");
    if (mac.isPresent() && MacAddress.parse(mac.get()).isEmpty()) {
      throw new SelectionException(
          "network " + network + ": mac \"" + mac.get() + "\" is not a MAC address");
    }
    return new NetworkRequests(
        ips(in, network),
        mac,
        in.nonEmptyString("infiniband-guid"),
        in.object("bandwidth").map(JsonReader::object),
        in.list("portMappings", "a list").map(JsonArray::new),
        in.object("cni-args").map(JsonReader::object),
        in.nonEmptyString("deviceID"),
        defaultRoute(in, network));
  }

  private static List<InetAddress> defaultRoute(JsonReader<SelectionException> in, String network)
      throws SelectionException {
    List<InetAddress> gateways = new ArrayList<>();
    for (JsonValue element : in.list("default-route", "a list").orElse(List.of())) {
      try {
        gateways.add(InetAddress.ofLiteral(element instanceof JsonString(String text) ? text : ""));
      } catch (IllegalArgumentException _) {
        throw new SelectionException(
            "network "
                + network
                + ": default-route has "
                + element
                + ", which is not an IP address");
      }
    }
    return gateways;
  }

  private static List<String> ips(JsonReader<SelectionException> in, String network)
      throws SelectionException {
    List<String> ips = new ArrayList<>();
    for (JsonValue element : in.list("ips", "a list").orElse(List.of())) {
      if (!(element instanceof JsonString(String ip)) || !isAddress(ip)) {
        throw new SelectionException(
            "network " + network + ": ips has " + element + ", which is not an IP address");
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
}
