package dev.podbond.operator.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LagCountsTest {
  private static final Optional<BondNetwork> ALONE = bond("active-backup");
  private static final Optional<BondNetwork> ALSO_ALONE = bond("balance-tlb");
  private static final Optional<BondNetwork> JOINED = bond("802.3ad");
  private static final Optional<BondNetwork> UNKNOWN = bond("none-such");
  private final LagCounts counts = new LagCounts();

  @Test
  void thereAreSeveralKindsFromTheFirstOfAnotherToTheLast() {
    counts.changed(Optional.empty(), ALONE);
    counts.changed(Optional.empty(), ALSO_ALONE);
    counts.changed(Optional.empty(), UNKNOWN);
    assertThat(counts.areMixed()).isFalse();
    assertThat(counts.haveOther(ALONE.orElseThrow())).isFalse();

    counts.changed(Optional.empty(), JOINED);
    counts.changed(Optional.empty(), JOINED);
    assertThat(counts.areMixed()).isTrue();
    assertThat(counts.haveOther(ALONE.orElseThrow())).isTrue();
    assertThat(counts.haveOther(JOINED.orElseThrow())).isTrue();
    assertThat(counts.haveOther(UNKNOWN.orElseThrow())).isFalse();

    counts.changed(JOINED, ALONE);
    assertThat(counts.areMixed()).isTrue();
    counts.changed(JOINED, Optional.empty());
    assertThat(counts.areMixed()).isFalse();
  }

  private static Optional<BondNetwork> bond(String mode) {
    return Optional.of(
        BondNetwork.of(JsonObject.of("spec", JsonObject.of("mode", new JsonString(mode)))));
  }
}
