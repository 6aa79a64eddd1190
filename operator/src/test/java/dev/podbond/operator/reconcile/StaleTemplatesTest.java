package dev.podbond.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StaleTemplatesTest {
  private final List<String> deleted = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private final StaleTemplates stale = new StaleTemplates(() -> now, deleted::add);

  @Test
  void oneThatIsNoLongerUsedStaysForPodsThatWaitForTheirClaim() {
    assertThat(sweep(Set.of("demo/a", "demo/b"), "b")).contains(StaleTemplates.GRACE);
    after(StaleTemplates.GRACE.minusSeconds(1));
    assertThat(sweep(Set.of("demo/a", "demo/b"), "b"))
        .as("whatever else it was swept for meanwhile")
        .contains(Duration.ofSeconds(1));
    assertThat(deleted).isEmpty();

    after(Duration.ofSeconds(1));
    assertThat(sweep(Set.of("demo/a", "demo/b"), "b")).isEmpty();
    assertThat(deleted).containsExactly("demo/a");
  }

  @Test
  void oneThatIsUsedAgainHasItsTimeAnew() {
    assertThat(sweep(Set.of("demo/a", "demo/b"), "b")).isPresent();
    after(StaleTemplates.GRACE);
    assertThat(sweep(Set.of("demo/a", "demo/b"), "a")).isPresent();
    assertThat(sweep(Set.of("demo/a", "demo/b"), "b")).isPresent();
    assertThat(deleted).isEmpty();
  }

  /// The next sweep is for the one whose time is over first.
  @Test
  void eachHasItsOwnTime() {
    assertThat(sweep(Set.of("demo/a", "demo/b"), "b")).contains(StaleTemplates.GRACE);
    after(Duration.ofMinutes(4));
    assertThat(sweep(Set.of("demo/a", "demo/b", "demo/c"), "c")).contains(Duration.ofMinutes(6));
    after(Duration.ofMinutes(6));
    assertThat(sweep(Set.of("demo/a", "demo/b", "demo/c"), "c")).contains(Duration.ofMinutes(4));
    assertThat(deleted).containsExactly("demo/a");
  }

  @Test
  void whereNoneIsUsedAllGo() {
    assertThat(stale.sweep(bond(), Set.of("demo/a"), Optional.empty())).isPresent();
    after(StaleTemplates.GRACE);
    assertThat(stale.sweep(bond(), Set.of("demo/a"), Optional.empty())).isEmpty();
    assertThat(deleted).containsExactly("demo/a");
  }

  @Test
  void withoutTemplatesThereIsNothingToDo() {
    assertThat(stale.sweep(bond(), Set.of(), Optional.empty())).isEmpty();
  }

  private void after(Duration time) {
    now = now.plus(time);
  }

  private Optional<Duration> sweep(Set<String> templates, String used) {
    return stale.sweep(
        bond(),
        templates,
        Optional.of(new ClaimTemplate("demo", used, Optional.empty(), JsonObject.of())));
  }

  private static BondNetwork bond() {
    return BondNetwork.of(
        JsonObject.of(
            "metadata",
            JsonObject.of("namespace", new JsonString("demo"), "name", new JsonString("storage"))));
  }
}
