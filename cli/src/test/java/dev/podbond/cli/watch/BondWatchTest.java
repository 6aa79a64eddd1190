package dev.podbond.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BondWatchTest {
  private static final Instant NOW = Instant.parse("2026-01-02T04:00:00.123Z");
  private static final String FIRST = "2026-01-02T03:00:01Z|member net1 down|PF a has no carrier";
  private static final String SECOND = "2026-01-02T03:00:02.5Z|member net1 up|";
  private static final String THIRD = "2026-01-02T03:00:03Z|member net2 down|";

  private static KnownBond bond(String pod, Health health, String... changes) {
    JsonObject said = SomeBonds.said(pod, "active-backup", "net1", health, "net1 up", "net2 up");
    return KnownBond.of(SomeBonds.with(said, changes));
  }

  private static List<String> lines(BondWatch.Step step) {
    return step.events().stream().map(BondEvent::line).toList();
  }

  private static BondWatch.Step step(List<KnownBond> before, KnownBond... now) {
    return BondWatch.of(before).next(List.of(now), true, NOW);
  }

  @Test
  void eachChangeIsToldOnceWithItsCauseAndHowTheBondIsSince() {
    List<KnownBond> before = List.of(bond("demo/a", Health.DEGRADED, FIRST));
    KnownBond now = bond("demo/a", Health.DEGRADED, FIRST, SECOND, THIRD);
    BondWatch.Step step = step(before, now);

    assertThat(lines(step))
        .containsExactly(
            "2026-01-02T03:00:02.5Z demo/a bond0: member net1 up",
            "2026-01-02T03:00:03Z demo/a bond0: member net2 down; now Degraded");
    assertThat(step.next().next(List.of(now), true, NOW).events()).isEmpty();
  }

  @Test
  void whatWasThereAtTheBeginningIsNotTold() {
    KnownBond bond = bond("demo/a", Health.DEGRADED, FIRST);
    assertThat(step(List.of(bond), bond).events()).isEmpty();
  }

  @Test
  void theChangesOfSeveralBondsComeInTheOrderOfTime() {
    BondWatch.Step step =
        step(
            List.of(bond("demo/a", Health.HEALTHY), bond("demo/b", Health.HEALTHY)),
            bond("demo/a", Health.DEGRADED, FIRST, THIRD),
            bond("demo/b", Health.HEALTHY, SECOND));

    assertThat(lines(step))
        .containsExactly(
            "2026-01-02T03:00:01Z demo/a bond0: member net1 down; PF a has no carrier",
            "2026-01-02T03:00:02.5Z demo/b bond0: member net1 up; now Healthy",
            "2026-01-02T03:00:03Z demo/a bond0: member net2 down; now Degraded");
  }

  @Test
  void aBondComesAndGoes() {
    BondWatch.Step came = step(List.of(), bond("demo/a", Health.HEALTHY));
    assertThat(lines(came))
        .containsExactly("2026-01-02T03:04:05Z demo/a bond0: seen for the first time; now Healthy");

    BondWatch.Step gone = came.next().next(List.of(), true, NOW);
    assertThat(lines(gone))
        .containsExactly(
            "2026-01-02T04:00:00Z demo/a bond0: the agent has no record of it any more");
    assertThat(gone.next().known()).isEmpty();
  }

  /// It has not read all records yet, and knows nothing of what its predecessor saw.
  @Test
  void anAgentThatHasJustStartedForgetsNoBond() {
    BondWatch before =
        BondWatch.of(
            List.of(
                bond("demo/a", Health.HEALTHY, FIRST, SECOND),
                bond("demo/b", Health.DEGRADED, FIRST)));
    BondWatch.Step started = before.next(List.of(), false, NOW);
    assertThat(started.events()).isEmpty();

    BondWatch.Step settled =
        started
            .next()
            .next(
                List.of(bond("demo/a", Health.DEGRADED), bond("demo/b", Health.DEGRADED, THIRD)),
                true,
                NOW);
    assertThat(lines(settled))
        .containsExactly(
            "2026-01-02T03:00:03Z demo/b bond0: member net2 down; now Degraded",
            "2026-01-02T03:04:05Z demo/a bond0: it was Healthy; now Degraded");
  }

  @Test
  void ofMoreChangesThanAnAgentKeepsAllThatAreThereAreTold() {
    String[] later =
        Stream.iterate(10, i -> i + 1)
            .limit(16)
            .map(i -> "2026-01-02T03:01:%dZ|flap %d|".formatted(i, i))
            .toArray(String[]::new);
    assertThat(
            step(
                    List.of(bond("demo/a", Health.HEALTHY, FIRST)),
                    bond("demo/a", Health.HEALTHY, later))
                .events())
        .hasSize(16);
  }

  @Test
  void anEventIsOneObjectForPrograms() {
    BondWatch.Step step =
        step(List.of(bond("demo/a", Health.HEALTHY)), bond("demo/a", Health.DEGRADED, FIRST));
    assertThat(step.events().getFirst().toJson())
        .hasToString(
            "{\"at\":\"2026-01-02T03:00:01Z\",\"pod\":\"demo/a\",\"bond\":\"bond0\","
                + "\"change\":\"member net1 down\",\"cause\":\"PF a has no carrier\","
                + "\"health\":\"Degraded\"}");
  }

  @Test
  void aTimeThatIsNoneStopsNothing() {
    assertThat(
            lines(step(List.of(), bond("demo/a", Health.HEALTHY, "yesterday|something|", FIRST))))
        .hasSize(2);
  }
}
