package dev.podbond.cli.map;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.NodeBonds;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Topologies to draw.
final class SomePictures {
  private static final String A = "ens1f0 0000:3b:00.0";
  private static final String B = "ens2f0 0000:5e:00.0";

  /// Names that would be markup, orders to a terminal or scripts, if anything took them for that.
  static final List<String> HOSTILE =
      List.of(
          "<script>window.owned=1</script>",
          "\"><img src=x onerror=window.owned=1>",
          "' onload='window.owned=1",
          "]]></style></svg><script>window.owned=1</script><!--",
          "</title><style>rect{display:none}</style><meta http-equiv=refresh content=0;url=/>",
          "&lt;&#x3c;&unknown;&",
          "\u001b[2J\u0000\r\n\t\u0085\u2028\u202e\ufffe\uffff\ud800",
          "\ud83d\ude00\udb40\udc01\u1160\u4e2d");

  private SomePictures() {}

  static Topology of(List<KnownBond> bonds) {
    return Topology.of(List.of(new NodeBonds("", bonds)));
  }

  static KnownBond bond(String pod, String mode, String active, Health health, String... members) {
    return KnownBond.of(SomeBonds.said(pod, mode, active, health, members));
  }

  private static KnownBond healthy(String pod) {
    return bond(pod, "active-backup", "net1", Health.HEALTHY, "net1 up " + A, "net2 up " + B);
  }

  /// A bond of which all is called so, with one member up and one down.
  static KnownBond hostile(String name) {
    String word = name.replace(' ', '_');
    return bond(
        name,
        name,
        word,
        Health.DEGRADED,
        word + "1 up " + word + " " + word,
        word + "2 down " + word + " 0000:3b:00.0");
  }

  /// Three bonds that are well.
  static Topology three() {
    return of(
        List.of(
            healthy("demo/web-0"),
            healthy("demo/web-1"),
            partnered(
                SomeBonds.said(
                    "demo/db-0", "802.3ad", "", Health.HEALTHY, "net1 up " + A, "net2 up " + B),
                "02:00:00:00:00:fe")));
  }

  /// A bond with an LACP partner.
  static KnownBond partnered(JsonObject said, String partner) {
    return KnownBond.of(said.with("lacpPartner", new JsonString(partner)));
  }

  /// Bonds on PFs of which the agent says what is behind them.
  ///
  /// @param upstreams the elements of `pfs` in its answer
  static Topology upstream(List<KnownBond> bonds, String... upstreams) throws JsonException {
    return Topology.of(
        List.of(
            NodeBonds.of(
                KnownBonds.of(
                    SomeBonds.answer(bonds.stream().map(KnownBond::said).toArray(JsonObject[]::new))
                        .with("pfs", Json.parse("[" + String.join(",", upstreams) + "]"))))));
  }

  /// A PF without a carrier, and a bond that is down.
  static Topology degraded() {
    return of(
        List.of(
            bond(
                "demo/web-0",
                "active-backup",
                "net2",
                Health.DEGRADED,
                "net1 down " + A,
                "net2 up " + B),
            bond(
                "demo/web-1",
                "active-backup",
                "net2",
                Health.DEGRADED,
                "net1 missing " + A,
                "net2 up " + B),
            bond("demo/db-0", "802.3ad", "", Health.DOWN, "net1 down " + A, "net2 down " + B),
            bond("demo/log-0", "broadcast", "", Health.HEALTHY, "net1 up " + B, "net2 up")));
  }

  /// Any number of bonds with any members, in any state.
  static List<KnownBond> any(Random random, int count) {
    List<KnownBond> bonds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String[] members = new String[random.nextInt(5)];
      for (int k = 0; k < members.length; k++) {
        String state = random.nextInt(8) == 0 ? "down" : "up";
        int pf = random.nextInt(6);
        members[k] =
            pf == 5
                ? "net" + k + " " + state
                : "net%d %s ens%df%d 0000:%d0:00.%d"
                    .formatted(k, state, pf / 2, pf % 2, pf / 2, pf % 2);
      }
      bonds.add(
          bond(
              "demo/pod-" + random.nextInt(count),
              "active-backup",
              "net0",
              Health.values()[random.nextInt(4)],
              members));
    }
    return bonds;
  }

  /// As on a large node: two hundred pods with a bond each, of which a few are not well.
  static Topology large() {
    List<KnownBond> bonds = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String pod = "production/frontend-7d9c5b6f4-%05d".formatted(i);
      bonds.add(
          i % 40 == 7
              ? bond(
                  pod, "active-backup", "net2", Health.DEGRADED, "net1 down " + A, "net2 up " + B)
              : healthy(pod));
    }
    return of(bonds);
  }

  /// A bond of which its agent gives these answers.
  static KnownBond surviving(String... answers) throws JsonException {
    return KnownBond.of(
        SomeBonds.said(
                "demo/web-0",
                "active-backup",
                "net1",
                Health.HEALTHY,
                "net1 up " + A,
                "net2 up " + B)
            .with("survives", Json.parse("[" + String.join(",", answers) + "]")));
  }
}
