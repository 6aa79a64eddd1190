package dev.podbond.cli.bond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.KnownTraffic.Bond;
import dev.podbond.cli.bond.KnownTraffic.Octets;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonString;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What members have carried, by the text that Prometheus gets.
final class KnownTrafficTest {
  private static String line(String direction, String labels, String number) {
    return "podbond_member_%s_bytes_total{%s} %s\n".formatted(direction, labels, number);
  }

  private static String both(String labels, String number) {
    return line("receive", labels, number) + line("transmit", labels, number);
  }

  @Test
  void itReadsWhatAnAgentWrites() {
    String text =
        "# HELP podbond_bond_up Whether.\n# TYPE podbond_bond_up gauge\n"
            + "podbond_bond_up{namespace=\"demo\",pod=\"web\",bond=\"bond0\"} 1\n"
            + SomeBonds.traffic("demo", "web", "net1 5 6", "net2 7 8")
            + SomeBonds.traffic("", "0f3c", "a 1 2")
            + "podbond_member_receive_packets_total{namespace=\"demo\",pod=\"web\"} 3\n";
    assertThat(KnownTraffic.of(text).bonds())
        .isEqualTo(
            Map.of(
                new Bond("demo/web", "bond0"),
                Map.of("net1", new Octets(5, 6), "net2", new Octets(7, 8)),
                new Bond("0f3c", "bond0"),
                Map.of("a", new Octets(1, 2))));
  }

  /// A pod chooses the name of its bond.
  @Test
  void aNameOfWhateverCharactersIsFoundAgain() {
    KnownBond bond =
        KnownBond.of(
            SomeBonds.said("demo/web", "active-backup", "", Health.HEALTHY, "net1 up")
                .with("bond", new JsonString("b\"\\n,}\u001b")));
    String labels = "namespace=\"demo\",pod=\"web\",bond=\"b\\\"\\\\n,}<001b>\",member=\"x= \\\"\"";
    assertThat(KnownTraffic.of(both(labels, "9")).bonds())
        .isEqualTo(Map.of(Bond.of(bond), Map.of("x= \"", new Octets(9, 9))));
  }

  @Test
  void whatIsNotUnderstoodIsPassedOver() {
    String whole = "namespace=\"demo\",pod=\"web\",bond=\"bond0\",member=\"net1\"";
    assertThat(KnownTraffic.of("").bonds()).isEmpty();
    assertThat(KnownTraffic.of(line("receive", whole, "1")).bonds()).as("one way").isEmpty();
    for (String number :
        new String[] {"-1", "1.5", "1e9", "NaN", "", " 1", "99999999999999999999", "1 2"}) {
      assertThat(KnownTraffic.of(both(whole, number)).bonds()).as(number).isEmpty();
    }
    for (String labels :
        new String[] {
          "",
          "pod",
          "pod=",
          "pod=\"web",
          "pod=\"web\\",
          "pod=\"web\"",
          "pod=\"a\"bond=\"b\"",
          "pod=\"web\",bond=\"bond0\"",
          "bond=\"bond0\",member=\"net1\""
        }) {
      assertThat(KnownTraffic.of(both(labels, "1")).bonds()).as(labels).isEmpty();
    }
    // A later release may tell more.
    assertThat(KnownTraffic.of(both(whole + ",queue=\"3\"", "1")).bonds()).hasSize(1);
  }
}
