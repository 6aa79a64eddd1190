package dev.podbond.parity;

import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What there is to see after a call: links, addresses, routes, what PFs say of their VFs, and the
/// reservations of host-local.
final class Sight {
  /// Options of a bond that follow the carrier in its own time, or only repeat what a member says.
  private static final Set<String> VOLATILE = Set.of("active_slave", "ad_info");

  private static final String FAIL_OVER_MAC = "fail_over_mac";

  private final Labels labels;
  private final Set<String> hostOwn;

  /// @param hostOwn names of the host's own links, which no case is about
  Sight(Labels labels, Set<String> hostOwn) {
    this.labels = labels;
    this.hostOwn = hostOwn;
  }

  /// Remembers the MAC of every link there is.
  void learn(Iproute2 ip) throws IOException {
    for (JsonObject link : ip.read("link show").getFirst()) {
      labels.own(Iproute2.text(link, "address"), Iproute2.text(link, "ifname"));
    }
  }

  void pod(Map<String, String> facets, String pod, Iproute2 ip) throws IOException {
    List<List<JsonObject>> seen = ip.read("address show", "route show");
    links(facets, pod, seen.get(0));
    List<JsonObject> routes = new ArrayList<>(seen.get(1));
    if (hasGlobalIpv6(seen.get(0))) {
      routes.addAll(ip.ipv6Routes());
    }
    List<String> lines =
        routes.stream().map(Sight::route).filter(r -> !r.isEmpty()).sorted().toList();
    for (String line : lines) {
      facets.put(pod + " route " + line, "there");
    }
  }

  void host(Map<String, String> facets, boolean vfs) throws IOException {
    String[] shows =
        vfs
            ? new String[] {"address show", "link show pf0", "link show pf1"}
            : new String[] {"address show"};
    List<List<JsonObject>> seen = Iproute2.ofHost().read(shows);
    links(
        facets,
        Step.HOST,
        seen.getFirst().stream()
            .filter(link -> !hostOwn.contains(Iproute2.text(link, "ifname")))
            .toList());
    for (List<JsonObject> pf : seen.subList(1, seen.size())) {
      vfs(facets, pf.getFirst());
    }
  }

  private void vfs(Map<String, String> facets, JsonObject pf) {
    for (JsonObject vf : Iproute2.list(pf, "vfinfo_list")) {
      Map<String, String> flat = new TreeMap<>();
      String path = Iproute2.text(pf, "ifname") + ".vf" + Iproute2.text(vf, "vf");
      Flattening.add(flat, path, vf.without("vf").without("broadcast").without("link_type"));
      flat.forEach((key, value) -> facets.put(key, labels.hide(value)));
    }
  }

  /// Addresses that host-local has given away.
  static void reservations(Map<String, String> facets, Path store) throws IOException {
    if (!Files.exists(store)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(store)) {
      walk.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("lock") && !name.startsWith("last_reserved_ip"))
          .forEach(name -> facets.put("ipam " + name, "reserved"));
    }
  }

  private void links(Map<String, String> facets, String place, List<JsonObject> links) {
    for (JsonObject link : links) {
      String path = place + "." + Iproute2.text(link, "ifname");
      if (Iproute2.text(link, "link_type").equals("loopback")) {
        facets.put(path + ".up", Boolean.toString(isUp(link)));
        continue;
      }
      JsonObject info = Iproute2.object(link, "linkinfo");
      String kind = Iproute2.text(info, "info_kind");
      facets.put(path, kind.isEmpty() ? "NIC" : kind);
      facets.put(path + ".up", Boolean.toString(isUp(link)));
      facets.put(path + ".mtu", Iproute2.text(link, "mtu"));
      facets.put(path + ".mac", mac(link, links));
      putIfAny(facets, path + ".master", Iproute2.text(link, "master"));
      List<String> altNames = Iproute2.words(link, "altnames");
      if (!altNames.isEmpty()) {
        facets.put(path + ".altnames", String.join(" ", altNames));
      }
      for (JsonObject address : Iproute2.list(link, "addr_info")) {
        if (!Iproute2.text(address, "scope").equals("link")) {
          String text = Iproute2.text(address, "local") + "/" + Iproute2.text(address, "prefixlen");
          facets.put(path + " address " + text, "there");
        }
      }
      options(facets, path, kind, Iproute2.object(info, "info_data"));
      member(facets, path, Iproute2.object(info, "info_slave_data"));
    }
  }

  /// Which member gives an active-backup bond its MAC may depend on whose carrier comes first.
  private String mac(JsonObject link, List<JsonObject> links) {
    JsonObject data = Iproute2.object(Iproute2.object(link, "linkinfo"), "info_data");
    String mac = Iproute2.text(link, "address");
    boolean members =
        Iproute2.text(data, FAIL_OVER_MAC).equals("active")
            && links.stream()
                .filter(other -> !Iproute2.text(other, "link_type").equals("loopback"))
                .filter(
                    other -> Iproute2.text(other, "master").equals(Iproute2.text(link, "ifname")))
                .anyMatch(other -> Iproute2.text(other, "address").equals(mac));
    return members ? CallOutcome.A_MEMBERS : labels.hide(mac);
  }

  private static void options(
      Map<String, String> facets, String path, String kind, JsonObject options) {
    if (kind.equals("bond")) {
      options.members().keySet().stream()
          .filter(option -> !VOLATILE.contains(option))
          .filter(option -> !KernelDefaults.has(option, Iproute2.text(options, option)))
          .forEach(option -> facets.put(path + "." + option, Iproute2.text(options, option)));
    } else if (kind.equals("vlan")) {
      facets.put(path + ".id", Iproute2.text(options, "id"));
    }
  }

  private static void member(Map<String, String> facets, String path, JsonObject member) {
    for (String key : List.of("queue_id", "prio")) {
      String value = Iproute2.text(member, key);
      if (!value.equals("0")) {
        putIfAny(facets, path + "." + key, value);
      }
    }
  }

  private static void putIfAny(Map<String, String> facets, String path, String value) {
    if (!value.isEmpty()) {
      facets.put(path, value);
    }
  }

  private static boolean isUp(JsonObject link) {
    return Iproute2.words(link, "flags").contains("UP");
  }

  private static boolean hasGlobalIpv6(List<JsonObject> links) {
    return links.stream()
        .flatMap(link -> Iproute2.list(link, "addr_info").stream())
        .anyMatch(address ->
            Iproute2.text(address, "family").equals("inet6")
                && Iproute2.text(address, "scope").equals("global"));
  }

  /// Empty for what the kernel adds by itself.
  private static String route(JsonObject route) {
    String to = Iproute2.text(route, "dst");
    if (to.startsWith("fe80") || to.startsWith("ff00")) {
      return "";
    }
    String via = Iproute2.text(route, "gateway");
    return to + (via.isEmpty() ? "" : " via " + via) + " dev " + Iproute2.text(route, "dev");
  }
}
