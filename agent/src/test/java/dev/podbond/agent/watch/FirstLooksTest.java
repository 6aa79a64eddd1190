package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// When an agent that starts has looked at all.
final class FirstLooksTest {
  private static final Path ONE = Path.of("/run/netns/one");
  private static final Path TWO = Path.of("/run/netns/two");

  private final AtomicLong now = new AtomicLong(-5);
  private final FirstLooks looks = new FirstLooks(now::get);

  @Test
  void allIsSeenOnceEachPodWasLookedAt() {
    assertThat(looks.areUnderWay()).as("nobody knows yet which pods there are").isTrue();
    assertThat(looks.found(List.of(ONE, TWO))).isFalse();
    assertThat(looks.ended(TWO)).isFalse();
    assertThat(looks.areUnderWay()).isTrue();
    assertThat(looks.ended(ONE)).isTrue();
    assertThat(looks.areUnderWay()).isFalse();
    assertThat(looks.ended(ONE)).as("a later look").isFalse();
  }

  @Test
  void aPodMayBeLookedAtBeforeAllAreFound() {
    assertThat(looks.ended(ONE)).isFalse();
    assertThat(looks.areUnderWay()).isTrue();
    assertThat(looks.found(List.of(ONE))).isTrue();
    assertThat(looks.areUnderWay()).isFalse();
  }

  @Test
  void aNodeWithoutPodsIsSeenAtOnceAndPodsThatComeLaterDoNotCount() {
    assertThat(looks.found(List.of())).isTrue();
    assertThat(looks.found(List.of(ONE))).isFalse();
    assertThat(looks.areUnderWay()).isFalse();
  }

  @Test
  void aPodAtWhichNobodyHasLookedIsWaitedForHoweverLongThatTakes() {
    now.addAndGet(FirstLooks.PATIENCE.multipliedBy(9).toNanos());
    assertThat(looks.areUnderWay()).as("nobody knows yet which pods there are").isTrue();
    looks.found(List.of(ONE));
    now.addAndGet(FirstLooks.PATIENCE.multipliedBy(9).toNanos());
    assertThat(looks.areUnderWay()).isTrue();
  }

  @Test
  void aPodThatCannotBeLookedAtKeepsNobodyWaitingForEver() {
    looks.failed(ONE);
    looks.found(List.of(ONE, TWO));
    looks.failed(TWO);
    now.addAndGet(FirstLooks.PATIENCE.toNanos() - 1);
    looks.failed(ONE);
    looks.failed(TWO);
    assertThat(looks.areUnderWay()).isTrue();
    now.addAndGet(1);
    assertThat(looks.areUnderWay()).isFalse();
  }

  @Test
  void aPodOfWhichTheSecondLookWorksIsSeen() {
    looks.found(List.of(ONE));
    looks.failed(ONE);
    assertThat(looks.ended(ONE)).isTrue();
    looks.failed(ONE);
    assertThat(looks.areUnderWay()).isFalse();
  }
}
