package dev.podbond.cluster.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.observed.BondTrack.Seen;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PodConditionsTest {
  /// The API server stores half of a character as another one, so that the message would never be
  /// as it is wanted.
  @Test
  void aLongMessageIsStoredAsItIs() {
    for (String prefix : List.of("", "x")) {
      String name = prefix + "\ud83d\ude00".repeat(100);
      BondTrack track =
          new BondTrack(
              name,
              Settling.first(new Seen(Standing.DOWN, 2, 0, "", ""), Instant.MIN),
              Settling.first(false, Instant.MIN),
              Standing.Loss.NONE,
              "");

      List<PodCondition> conditions =
          PodConditions.of(Reports.pod("web"), Collections.nCopies(9, track), true, Instant.EPOCH);

      assertThat(conditions)
          .hasSize(2)
          .allSatisfy(condition -> {
            String message = condition.message();
            assertThat(message).hasSizeBetween(990, 1000);
            assertThat(new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(message);
          });
    }
  }

  @Test
  void soIsALongTextOfAReport() {
    for (String prefix : List.of("", "x")) {
      String text = Texts.limited(prefix + "\ud83d\ude00".repeat(200));

      assertThat(text).hasSizeBetween(255, 256).doesNotContain("<");
      assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
          .isEqualTo(text);
    }
  }
}
