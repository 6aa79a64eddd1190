package dev.podbond.acceptance;

import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What iproute2 says of host and pod, the IPAM store and the plugins' own state, as lines that can
/// be compared.
record Snapshot(List<String> lines) {
  /// Counters, what the kernel chooses anew when a link goes up or moves, what follows the carrier
  /// in its own time, and the MAC that igbvf remembers as its permanent one: the last that it took
  /// over from its PF.
  private static final Set<String> VOLATILE =
      Set.of(
          "ifindex",
          "qdisc",
          "stats",
          "stats64",
          "link_netnsid",
          "max_mtu",
          "min_mtu",
          "permaddr",
          "operstate",
          "flags");

  static Snapshot of(Node node, Pod pod) throws IOException {
    List<String> lines = new ArrayList<>();
    add(lines, "host", Iproute2.ofHost());
    add(lines, "pod", pod.ip());
    node.reservations().forEach(address -> lines.add("ipam " + address));
    node.state().forEach((name, content) -> lines.add("state " + name + " " + content));
    return new Snapshot(List.copyOf(lines));
  }

  private static void add(List<String> lines, String place, Iproute2 ip) throws IOException {
    Set<String> sorted = new TreeSet<>();
    for (SeenLink link : ip.links()) {
      sorted.add(place + " " + link.name() + " " + steady(link.json()));
      for (String address : ip.addresses(link.name())) {
        sorted.add(place + " " + link.name() + " has " + address);
      }
      sorted.add(place + " " + link.name() + (link.isUp() ? " is up" : " is down"));
    }
    lines.addAll(sorted);
    ip.read("-4 route show").forEach(route -> lines.add(place + " route " + steady(route)));
  }

  private static JsonObject steady(JsonObject seen) {
    JsonObject steady = seen;
    for (String key : VOLATILE) {
      steady = steady.without(key);
    }
    return steady;
  }
}
