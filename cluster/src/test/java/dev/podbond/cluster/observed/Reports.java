package dev.podbond.cluster.observed;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Statuses of the BondNodeState of node `n1`, whose PFs are `p0` and `p1`.
final class Reports {
  private Reports() {}

  /// What a bond of two members, `net1` on `p0` and `net2` on `p1`, may be like.
  enum Shape {
    BOTH_UP("Healthy", "up", "up"),
    FIRST_DOWN("Degraded", "down", "up"),
    SECOND_DOWN("Degraded", "up", "down"),
    FIRST_HELD("Degraded", "held", "up"),
    FIRST_MISSING("Degraded", "missing", "up"),
    WITHOUT_PARTNER("Degraded", "up", "up"),
    NONE_UP("Down", "down", "down");

    private final String health;
    private final List<String> states;

    Shape(String health, String... states) {
      this.health = health;
      this.states = List.of(states);
    }
  }

  /// A bond `storage` of the pod `demo/NAME`.
  static String bond(String pod, Shape shape, String cause) {
    return """
    {"namespace": "demo", "pod": "%s", "podUID": "uid-%s", "bond": "storage",
     "network": "demo/storage", "health": "%s", "configured": 2, "up": %d, "cause": "%s",
     "problems": [%s],
     "members": [
      {"name": "net1", "pfPciAddress": "p0", "pf": "ens1f0", "state": "%s"},
      {"name": "net2", "pfPciAddress": "p1", "pf": "ens1f1", "state": "%s"}]}
    """
        .formatted(
            pod,
            pod,
            shape.health,
            shape.states.stream().filter("up"::equals).count(),
            cause,
            shape == Shape.WITHOUT_PARTNER ? "\"no LACP partner answers\", \"another\"" : "",
            shape.states.get(0),
            shape.states.get(1));
  }

  static NodeReport of(boolean firstPfUp, String... bonds) {
    return NodeReport.of(
        "n1",
        json(
            """
            {"pfs": [{"name": "ens1f0", "pciAddress": "p0", "carrier": %s},
                     {"name": "ens1f1", "pciAddress": "p1", "carrier": true}],
             "bonds": [%s]}
            """
                .formatted(firstPfUp, String.join(",", bonds))));
  }

  /// Both PFs have a carrier, and the node has a verdict on the uplink of the first.
  ///
  /// @param upstream as `good`; "" if there is none
  /// @param storm why no uplink counts; "" if there is no storm
  static NodeReport judged(String upstream, String storm, String... bonds) {
    return judged(upstream, "lacp: no partner", storm, List.of(bonds));
  }

  /// The uplink of the first PF is bad behind its carrier, for this reason.
  static NodeReport bad(String why, String... bonds) {
    return judged("bad", why, "", List.of(bonds));
  }

  private static NodeReport judged(String upstream, String why, String storm, List<String> bonds) {
    return NodeReport.of(
        "n1",
        json(
            """
            {"pfs": [{"name": "ens1f0", "pciAddress": "p0", "carrier": true, "upstream": "%s",
                      "upstreamReason": "%s"},
                     {"name": "ens1f1", "pciAddress": "p1", "carrier": true}],
             "uplinkStorm": "%s",
             "bonds": [%s]}
            """
                .formatted(upstream, why, storm, String.join(",", bonds))));
  }

  /// The uplink of the first PF is bad behind its carrier, and these bonds have left it.
  static NodeReport held(int pods) {
    return judged("bad", "", bonds(pods, Shape.FIRST_HELD, UPLINK));
  }

  static final String UPLINK = "the uplink of PF ens1f0 (p0) is bad, lacp: no partner";

  /// The node does not know of its PFs whether they have a carrier.
  static NodeReport ofUnknownPfs(String bond) {
    return NodeReport.of(
        "n1",
        json(
            """
            {"pfs": [{"name": "ens1f0", "pciAddress": "p0"}, {"name": "ens1f1", "pciAddress": "p1"}],
             "bonds": [%s]}
            """
                .formatted(bond)));
  }

  /// All bonds have lost the member on the PF that has lost its carrier.
  static NodeReport dark(int pods) {
    return of(false, bonds(pods, Shape.FIRST_DOWN, "PF ens1f0 has no carrier"));
  }

  static NodeReport bright(int pods) {
    return of(true, bonds(pods, Shape.BOTH_UP, ""));
  }

  /// A bond of each of the pods `web-0` and so on.
  static String[] bonds(int pods, Shape shape, String cause) {
    return Stream.iterate(0, i -> i + 1)
        .limit(pods)
        .map(i -> bond("web-" + i, shape, cause))
        .toArray(String[]::new);
  }

  static BondedPod pod(String name, PodCondition... conditions) {
    return new BondedPod(
        "demo",
        name,
        "uid-" + name,
        "n1",
        List.of(new BondUse("demo/storage", "storage")),
        1,
        List.of(conditions));
  }

  static List<BondedPod> pods(int count) {
    List<BondedPod> pods = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pods.add(pod("web-" + i));
    }
    return pods;
  }

  static JsonObject json(String text) {
    try {
      return Json.parseObject(text);
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
  }
}
