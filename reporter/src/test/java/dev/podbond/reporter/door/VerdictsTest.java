package dev.podbond.reporter.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/// Who is asked about and for how long it counts, with a time that is the test's.
final class VerdictsTest {
  private static final Verdicts.Limits LIMITS =
      new Verdicts.Limits(
          Duration.ofSeconds(60), Duration.ofSeconds(5), 4, 8, 1, Duration.ofMillis(100));
  private static final int BURST = 10;

  private final List<String> asked = new ArrayList<>();
  private long now = Long.MAX_VALUE - 5;
  private Verdict answer = Verdict.ALLOWED;
  private final Verdicts verdicts =
      new Verdicts(
          token -> {
            asked.add(token);
            return token.startsWith("stranger") ? Verdict.UNKNOWN : answer;
          },
          LIMITS,
          () -> now);

  private void later(Duration time) {
    now += time.toNanos();
  }

  @Test
  void aVerdictCountsForItsTimeAndNoLonger() throws Exception {
    assertThat(verdicts.of("a")).isEqualTo(Verdict.ALLOWED);
    answer = Verdict.FORBIDDEN;
    later(Duration.ofSeconds(59));
    assertThat(verdicts.of("a")).isEqualTo(Verdict.ALLOWED);
    later(Duration.ofSeconds(1));
    assertThat(verdicts.of("a")).isEqualTo(Verdict.FORBIDDEN);
    answer = Verdict.ALLOWED;
    later(Duration.ofSeconds(4));
    assertThat(verdicts.of("a")).isEqualTo(Verdict.FORBIDDEN);
    later(Duration.ofSeconds(1));
    assertThat(verdicts.of("a")).isEqualTo(Verdict.ALLOWED);
    assertThat(asked).containsExactly("a", "a", "a");
  }

  @Test
  void noTokenIsKept() throws Exception {
    verdicts.of("a-secret");
    verdicts.of("stranger");

    assertThat(verdicts.keys())
        .hasSize(2)
        .allSatisfy(key -> assertThat(key).matches("[0-9a-f]{64}"));
  }

  @Test
  void itKnowsSoManyAndStrangersTakeNoPlaceOfWhoIsAllowed() throws Exception {
    verdicts.of("a");
    for (int i = 0; i < 100; i++) {
      later(LIMITS.pause());
      verdicts.of("stranger" + i);
    }
    assertThat(verdicts.keys()).hasSize(1 + LIMITS.refused());
    for (int i = 0; i < 100; i++) {
      later(LIMITS.pause());
      verdicts.of("b" + i);
    }
    assertThat(verdicts.keys()).hasSize(LIMITS.allowed() + LIMITS.refused());
  }

  @Test
  void strangersLeadToSoManyReviewsASecondAndHinderNobodyWhoIsKnown() throws Exception {
    verdicts.of("a");
    later(LIMITS.keptAllowed());
    for (int i = 0; i < BURST; i++) {
      verdicts.of("stranger" + i);
    }
    asked.clear();
    for (int i = 0; i < 50; i++) {
      String next = "stranger-" + i;
      assertThatThrownBy(() -> verdicts.of(next))
          .isInstanceOf(UndecidedException.class)
          .hasMessageContaining("ask again");
    }
    assertThat(asked).isEmpty();

    assertThat(verdicts.of("a")).isEqualTo(Verdict.ALLOWED);
    later(LIMITS.pause());
    assertThat(verdicts.of("stranger-new")).isEqualTo(Verdict.UNKNOWN);
    assertThatThrownBy(() -> verdicts.of("stranger-next")).isInstanceOf(UndecidedException.class);
  }

  /// After a long silence it is still ten that may follow each other.
  @Test
  void aSilenceSavesNothingUp() throws Exception {
    later(Duration.ofHours(5));
    for (int i = 0; i < BURST; i++) {
      verdicts.of("stranger" + i);
    }
    assertThatThrownBy(() -> verdicts.of("one more")).isInstanceOf(UndecidedException.class);
  }

  @Test
  void soManyReviewsAreUnderWayAtOnce() throws Exception {
    Semaphore mayEnd = new Semaphore(0);
    CountDownLatch began = new CountDownLatch(1);
    Verdicts slow =
        new Verdicts(
            token -> {
              if (token.startsWith("stranger")) {
                began.countDown();
                mayEnd.acquireUninterruptibly();
              }
              return Verdict.ALLOWED;
            },
            LIMITS,
            () -> now);
    slow.of("a");
    later(LIMITS.keptAllowed());
    Thread stranger =
        Thread.ofVirtual()
            .start(() -> assertThat(tryOf(slow, "stranger")).isEqualTo(Verdict.ALLOWED));
    began.await();

    assertThatThrownBy(() -> slow.of("another")).isInstanceOf(UndecidedException.class);
    assertThat(slow.of("a")).isEqualTo(Verdict.ALLOWED);

    mayEnd.release();
    stranger.join();
    assertThat(slow.of("another")).isEqualTo(Verdict.ALLOWED);
  }

  private static Verdict tryOf(Verdicts verdicts, String token) {
    try {
      return verdicts.of(token);
    } catch (UndecidedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatNobodyDecidedIsAskedAgain() throws Exception {
    List<String> reasons = new ArrayList<>(List.of("away"));
    Verdicts unsure =
        new Verdicts(
            _ -> {
              if (!reasons.isEmpty()) {
                throw new UndecidedException("not now", reasons.removeLast());
              }
              return Verdict.ALLOWED;
            },
            LIMITS,
            () -> now);
    assertThatThrownBy(() -> unsure.of("a")).hasMessage("not now");
    assertThat(unsure.of("a")).isEqualTo(Verdict.ALLOWED);
  }
}
