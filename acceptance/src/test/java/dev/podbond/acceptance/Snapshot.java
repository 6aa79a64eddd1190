package dev.podbond.acceptance;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// iproute2's view of host and pod, the IPAM store and the plugins' own state, as lines that can be
/// compared.
record Snapshot(List<String> lines) {
  /// Counters, values that the kernel chooses anew when a link goes up or moves, values that follow
  /// the carrier in their own time, and the MAC that igbvf remembers as its permanent one: the last
  /// that it adopted from its PF.
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
          "perm_hwaddr",
          "operstate",
          "active_slave",
          "mii_status",
          "link_failure_count",
          "state",
          "flags");

  static Snapshot of(Node node, Pod pod) throws IOException {
    return of(node, Optional.of(pod));
  }

  static Snapshot of(Node node) throws IOException {
    return of(node, Optional.empty());
  }

  private static Snapshot of(Node node, Optional<Pod> pod) throws IOException {
    List<String> lines = new ArrayList<>();
    add(lines, "host", Iproute2.ofHost());
    if (pod.isPresent()) {
      add(lines, "pod", pod.get().ip());
    }
    node.reservations().forEach(address -> lines.add("ipam " + address));
    node.state().forEach((name, content) -> lines.add("state " + name + " " + content));
    return new Snapshot(List.copyOf(lines));
  }

  private static void add(List<String> lines, String place, Iproute2 ip) throws IOException {
    List<List<JsonObject>> seen =
        ip.readAll(List.of("link show", "address show", "route show table all"));
    Set<String> sorted = new TreeSet<>();
    for (SeenLink link : seen.get(0).stream().map(SeenLink::new).toList()) {
      sorted.add(place + " " + link.name() + " " + steady(link.json()));
      sorted.add(place + " " + link.name() + (link.isUp() ? " is up" : " is down"));
    }
    for (JsonObject link : seen.get(1)) {
      for (String address : Iproute2.addressesOf(link)) {
        sorted.add(place + " " + SeenLink.text(link, "ifname") + " has " + address);
      }
    }
    lines.addAll(sorted);
    seen.get(2).stream()
        .filter(route -> !SeenLink.text(route, "table").equals("local"))
        .filter(route -> !isLinkLocal(SeenLink.text(route, "dst")))
        .forEach(route -> lines.add(place + " route " + steady(route)));
  }

  /// The kernel adds and removes these with the state of a link.
  private static boolean isLinkLocal(String destination) {
    return destination.startsWith("fe80:") || destination.startsWith("ff00:");
  }

  private static JsonValue steady(JsonValue seen) {
    return switch (seen) {
      case JsonObject(Map<String, JsonValue> members) -> {
        JsonObject.Builder steady = JsonObject.builder();
        members.forEach((key, value) -> {
          if (!VOLATILE.contains(key)) {
            steady.put(key, steady(value));
          }
        });
        yield steady.build();
      }
      case JsonArray(List<JsonValue> elements) ->
          new JsonArray(elements.stream().map(Snapshot::steady).toList());
      default -> seen;
    };
  }

  /// The differences in both directions, a line each.
  List<String> differences(Snapshot expected) {
    List<String> differences = new ArrayList<>();
    missing(expected.lines, lines).forEach(line -> differences.add("missing: " + line));
    missing(lines, expected.lines).forEach(line -> differences.add("instead: " + line));
    return differences;
  }

  private static List<String> missing(Collection<String> from, Collection<String> in) {
    List<String> left = new ArrayList<>(from);
    in.forEach(left::remove);
    return left;
  }
}
