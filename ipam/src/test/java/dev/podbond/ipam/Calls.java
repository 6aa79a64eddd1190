package dev.podbond.ipam;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// Configurations and calls by chance: mostly sensible ones with few addresses, so that ranges are
/// soon exhausted; among them what host-local refuses and what we leave to it.
final class Calls {
  /// Stands for the directory of the store.
  static final String DATA_DIR = "@DATA@";

  private static final List<String> VERSIONS =
      List.of("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0");

  private final Random random;
  private final String version;
  private final List<String> networks = new ArrayList<>();

  Calls(Random random, boolean knowsNewest) {
    this.random = random;
    this.version = VERSIONS.get(random.nextInt(VERSIONS.size() - (knowsNewest ? 0 : 1)));
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  /// A network in a place of its own, in 10.0.0.0/8 or fd00::/16.
  private String network() {
    int place = networks.size();
    String network =
        once(3)
            ? "fd00:0:0:"
                + Integer.toHexString(place)
                + "::/"
                + (once(15) ? 127 : 122 + random.nextInt(3))
            : "10.1." + place + ".0/" + (once(15) ? 31 : 26 + random.nextInt(3));
    networks.add(network);
    return network;
  }

  private static String plus(String network, int places) {
    String base = network.substring(0, network.indexOf('/'));
    return base.contains(":")
        ? base + (places < 0 ? "0" : Integer.toHexString(places))
        : base.substring(0, base.lastIndexOf('.') + 1) + BigInteger.valueOf(Math.max(0, places));
  }

  private JsonObject range(Optional<String> family) {
    String network = network();
    while (family.isPresent() && family.get().contains(":") != network.contains(":")) {
      network = network();
    }
    JsonObject.Builder range = JsonObject.builder().put("subnet", network);
    if (once(3)) {
      range.put("rangeStart", plus(network, 1 + random.nextInt(3)));
    }
    if (once(2)) {
      range.put("rangeEnd", plus(network, once(15) ? 1 : 3 + random.nextInt(4)));
    }
    if (once(3)) {
      range.put("gateway", once(4) ? "192.0.2.1" : plus(network, 1 + random.nextInt(4)));
    }
    if (once(40)) {
      range.put("subnet", plus(network, 1) + network.substring(network.indexOf('/')));
    }
    if (once(60)) {
      range.put("sub", "net");
    }
    return range.build();
  }

  private JsonArray set() {
    List<JsonValue> ranges = new ArrayList<>();
    JsonObject first = range(Optional.empty());
    ranges.add(first);
    if (once(4)) {
      ranges.add(range(Optional.of(networks.getLast())));
    }
    return new JsonArray(ranges);
  }

  private JsonArray sets(int most) {
    List<JsonValue> sets = new ArrayList<>();
    boolean isOld = version.startsWith("0.1") || version.startsWith("0.2");
    for (int i = isOld && !once(9) ? 0 : random.nextInt(most); i >= 0; i--) {
      sets.add(set());
    }
    return new JsonArray(sets);
  }

  private JsonArray routes() {
    List<JsonValue> routes = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      JsonObject.Builder route =
          JsonObject.builder().put("dst", once(2) ? "198.51.100." + i + "/24" : "::/0");
      if (once(2)) {
        route.put("gw", once(2) ? "10.1.0.1" : "fd00::1");
      }
      if (once(6) && version.equals("1.1.0")) {
        route.put("mtu", 1400).put("priority", 7).put("table", 100).put("scope", 253);
      }
      routes.add(route.build());
    }
    return new JsonArray(routes);
  }

  /// A configuration of host-local.
  JsonObject hostLocal() {
    JsonObject.Builder ipam =
        JsonObject.builder().put("type", "host-local").put("dataDir", DATA_DIR);
    if (once(3)) {
      ipam.putAll(range(Optional.empty()));
    } else {
      ipam.put("ranges", sets(3));
    }
    if (once(3)) {
      ipam.put("routes", routes());
    }
    if (once(30)) {
      ipam.put("comment", "unknown");
    }
    return top(ipam.build(), "host-local").build();
  }

  private JsonObject.Builder top(JsonObject ipam, String type) {
    JsonObject.Builder top =
        JsonObject.builder()
            .put("cniVersion", version)
            .put("name", "net-" + type)
            .put("type", "bond")
            .put("links", new JsonArray(List.of()));
    return top.put("ipam", ipam);
  }

  /// A configuration of static.
  JsonObject fixed() {
    List<JsonValue> addresses = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String network = network();
      JsonObject.Builder address =
          JsonObject.builder()
              .put("address", plus(network, 2) + network.substring(network.indexOf('/')));
      if (once(2)) {
        address.put("gateway", plus(network, 1));
      }
      if (once(5)) {
        address.put("version", "4");
      }
      addresses.add(address.build());
    }
    JsonObject.Builder ipam =
        JsonObject.builder().put("type", "static").put("addresses", new JsonArray(addresses));
    if (once(2)) {
      ipam.put("routes", routes());
    }
    if (once(2)) {
      ipam.put(
          "dns",
          JsonObject.of(
              "nameservers", JsonArray.ofStrings(List.of("10.1.0.1")),
              "search", JsonArray.ofStrings(List.of("a.example", "b.example"))));
    }
    if (once(20)) {
      ipam.put("subnet", "10.1.0.0/24");
    }
    return top(ipam.build(), "static").build();
  }

  /// One call.
  ///
  /// @param env without `CNI_PATH`
  record Call(Map<String, String> env, JsonObject config) {}

  private String wish(boolean withLength) {
    String network = networks.get(random.nextInt(networks.size()));
    return plus(network, random.nextInt(7))
        + (withLength ? network.substring(network.indexOf('/')) : "");
  }

  /// A call with this configuration.
  Call next(JsonObject config, boolean withLength) {
    String verb = once(2) ? "ADD" : List.of("ADD", "DEL", "DEL", "CHECK").get(random.nextInt(4));
    if (version.equals("1.1.0") && once(20)) {
      verb = once(2) ? "GC" : "STATUS";
    }
    Map<String, String> env = new TreeMap<>();
    env.put("CNI_COMMAND", verb);
    env.put("CNI_CONTAINERID", "container" + random.nextInt(6));
    env.put("CNI_IFNAME", "net" + random.nextInt(2));
    env.put("CNI_NETNS", "/proc/self/ns/net");
    env.put("CNI_NETNS_OVERRIDE", "1");
    env.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=a");
    JsonObject call = config;
    // One wish at most: of several in one set host-local takes any.
    switch (networks.isEmpty() ? 9 : random.nextInt(14)) {
      case 0 -> env.put("CNI_ARGS", "IgnoreUnknown=true;IP=" + wish(withLength || once(3)));
      case 1 ->
          call =
              call.with(
                  "args",
                  JsonObject.of(
                      "cni", JsonObject.of("ips", JsonArray.ofStrings(List.of(wish(withLength))))));
      case 2, 3 ->
          call =
              call.with(
                  "runtimeConfig",
                  JsonObject.of(
                      "mac",
                      new dev.podbond.json.JsonString("02:00:00:00:00:01"),
                      "ips",
                      JsonArray.ofStrings(List.of(wish(withLength)))));
      case 4 -> env.put("CNI_ARGS", "K8S_POD_NAME=a");
      case 5 -> env.put("CNI_ARGS", "");
      case 6 -> {
        if (!withLength) {
          call = call.with("runtimeConfig", JsonObject.of("ipRanges", sets(1)));
        } else {
          env.put(
              "CNI_ARGS",
              "IgnoreUnknown=1;GATEWAY=" + wish(false) + ";IP=" + wish(true) + "," + wish(true));
        }
      }
      default -> {}
    }
    if (verb.equals("CHECK") && withLength) {
      call = call.with("prevResult", previous());
    }
    return new Call(env, call);
  }

  private JsonObject previous() {
    List<JsonValue> ips = new ArrayList<>();
    for (String network : networks) {
      JsonObject.Builder ip =
          JsonObject.builder()
              .put("version", network.contains(":") ? "6" : "4")
              .put("address", plus(network, 2) + network.substring(network.indexOf('/')));
      if (once(2)) {
        ip.put("gateway", plus(network, 1 + random.nextInt(2)));
      }
      ips.add(ip.build());
    }
    return JsonObject.builder().put("cniVersion", version).put("ips", new JsonArray(ips)).build();
  }
}
