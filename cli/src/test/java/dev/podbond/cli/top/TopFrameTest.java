package dev.podbond.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownTraffic;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cli.show.Label;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TopFrameTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:08:17.9Z");

  private static KnownBond bond(String pod, Health health, String... members) {
    return KnownBond.of(SomeBonds.said(pod, "active-backup", "net2", health, members));
  }

  private static TopFrame frame(List<KnownBond> bonds) {
    return frame(bonds, Optional.empty());
  }

  private static TopFrame frame(List<KnownBond> bonds, Optional<String> trouble) {
    return new TopFrame(bonds, Rates.NONE, NOW, trouble);
  }

  /// What a bond carries in a second that has carried nothing before.
  private static Rates rates(String pod, String member) {
    return Rates.NONE
        .after(
            KnownTraffic.of(SomeBonds.traffic("demo", pod, member.split(" ")[0] + " 0 0")),
            Duration.ZERO)
        .after(KnownTraffic.of(SomeBonds.traffic("demo", pod, member)), Duration.ofSeconds(1));
  }

  private static String text(TopFrame frame, int rows, int columns) {
    return String.join("\n", frame.lines(rows, columns).stream().map(TopFrame.Line::text).toList());
  }

  @Test
  void theWorstComesFirst() {
    TopFrame frame =
        frame(
            List.of(
                bond("demo/a", Health.HEALTHY, "net1 up", "net2 up"),
                bond("demo/b", Health.DEGRADED, "net1 down", "net2 up"),
                bond("demo/c", Health.DOWN, "net1 down", "net2 missing")));

    assertThat(text(frame, 24, 100))
        .isEqualTo(
            """
            2026-01-02T03:08:17Z  3 bonds: 1 Down, 1 Degraded, 1 Healthy
            HEALTH    POD         BOND   MODE           ACTIVE  UP   RX/s  TX/s  FAILURES  SINCE
            Down      demo/c      bond0  active-backup  net2    0/2  -     -     0         4m12s
            Degraded  demo/b      bond0  active-backup  net2    1/2  -     -     0         4m12s
            Healthy   demo/a      bond0  active-backup  net2    2/2  -     -     0         4m12s\
            """);
    assertThat(frame.lines(24, 80).get(2).health()).contains(Health.DOWN);
  }

  @Test
  void aBondHasItsRates() {
    TopFrame frame =
        new TopFrame(
            List.of(
                bond("demo/a", Health.HEALTHY, "net1 up"),
                bond("demo/b", Health.HEALTHY, "net1 up")),
            rates("b", "net1 1234567890 999"),
            NOW,
            Optional.empty());

    assertThat(text(frame, 24, 100))
        .isEqualTo(
            """
            2026-01-02T03:08:17Z  2 bonds: 2 Healthy
            HEALTH   POD         BOND   MODE           ACTIVE  UP   RX/s   TX/s  FAILURES  SINCE
            Healthy  demo/a      bond0  active-backup  net2    1/1  -      -     0         4m12s
            Healthy  demo/b      bond0  active-backup  net2    1/1  1.2GB  999B  0         4m12s\
            """);
  }

  /// Metrics tell of the newer alone.
  @Test
  void twoPodsOfOneNameHaveNoRates() {
    KnownBond bond = bond("demo/b", Health.HEALTHY, "net1 up");
    assertThat(
            text(
                new TopFrame(List.of(bond, bond), rates("b", "net1 5 5"), NOW, Optional.empty()),
                24,
                100))
        .doesNotContain("5B");
  }

  @Test
  void whatMattersLessGivesWayOnANarrowTerminal() {
    KnownBond bond = bond("demo/a-pod-with-a-name", Health.HEALTHY, "net1 up", "net2 up");
    TopFrame frame =
        new TopFrame(
            List.of(bond), rates("a-pod-with-a-name", "net1 12345 67890"), NOW, Optional.empty());

    assertThat(text(frame, 24, 80))
        .endsWith(
            """
            HEALTH   POD                     BOND   ACTIVE  UP   RX/s  TX/s  FAILURES  SINCE
            Healthy  demo/a-pod-with-a-name  bond0  net2    2/2  12kB  68kB  0         4m12s\
            """);
    assertThat(text(frame, 24, 70))
        .endsWith(
            """
            HEALTH   POD                  BOND   ACTIVE  UP   RX/s  TX/s  FAILURES
            Healthy  demo/a-pod-with-...  bond0  net2    2/2  12kB  68kB  0\
            """);
    assertThat(text(frame, 24, 60))
        .endsWith(
            """
            HEALTH   POD                BOND   UP   RX/s  TX/s  FAILURES
            Healthy  demo/a-pod-wit...  bond0  2/2  12kB  68kB  0\
            """);
  }

  @Test
  void itFitsWhateverTerminalAndSaysWhatIsMissing() {
    List<KnownBond> bonds =
        new ArrayList<>(
            Collections.nCopies(
                1000, bond("namespace/" + "p".repeat(300), Health.HEALTHY, "net1 up")));
    bonds.add(bond("demo/\u001b[2J\u4e2d", Health.DOWN, "net1 down"));
    for (int rows : new int[] {4, 5, 24, 500, 2000}) {
      for (int columns : new int[] {10, 40, 80, 132, 1000}) {
        TopFrame frame = frame(bonds, Optional.of("as before: no agent answers"));
        List<TopFrame.Line> lines = frame.lines(rows, columns);
        assertThat(lines).hasSizeLessThanOrEqualTo(rows);
        assertThat(lines)
            .as("%d x %d", rows, columns)
            .allSatisfy(line -> assertThat(Label.columns(line.text())).isLessThanOrEqualTo(columns))
            .noneMatch(line -> line.text().contains("\u001b"));
        if (rows == 24 && columns == 132) {
          assertThat(lines).hasSize(24);
          assertThat(lines.get(3).text()).startsWith("Down     demo/<001b>[2J\u4e2d");
          assertThat(lines.getLast().text()).isEqualTo("... 981 more: 981 Healthy");
        }
      }
    }
  }

  @Test
  void aBondOfWhichLittleIsKnownHasItsRow() throws Exception {
    KnownBond bare = KnownBond.of(Json.parseObject("{\"healthy\":true}"));
    assertThat(text(frame(List.of(bare)), 24, 100))
        .endsWith("Healthy  -           -     -     -       0/0  -     -     0         -");
    assertThat(text(frame(List.of()), 24, 80)).startsWith("2026-01-02T03:08:17Z  0 bonds\nHEALTH");
  }
}
