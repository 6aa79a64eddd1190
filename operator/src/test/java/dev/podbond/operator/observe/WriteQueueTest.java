package dev.podbond.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WriteQueueTest {
  private static final int ENDLESS = Integer.MAX_VALUE;

  private Instant now = Instant.EPOCH;

  private String next(WriteQueue<String> queue) {
    return queue.next(now).map(turn -> turn.key() + turn.write()).orElse("");
  }

  private void fail(WriteQueue<String> queue, String key, String write) {
    queue.failed(new WriteQueue.Turn<>(key, write), now);
  }

  /// Until the next turn, as the queue says.
  private Duration pass(WriteQueue<String> queue) {
    Duration pause = queue.pause(now).orElseThrow();
    now = now.plus(pause);
    return pause;
  }

  @Test
  void ofOneObjectOneIsUnderWayAndTheNewestIsNext() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    queue.add("a", "a", "1", now);
    assertThat(next(queue)).isEqualTo("a1");

    queue.add("a", "a", "2", now);
    queue.add("a", "a", "3", now);
    queue.add("b", "b", "1", now);
    assertThat(next(queue)).isEqualTo("b1");
    assertThat(next(queue)).isEmpty();

    queue.made("a", now);
    assertThat(next(queue)).isEqualTo("a3");
    queue.made("a", now);
    queue.made("b", now);
    assertThat(next(queue)).isEmpty();
    assertThat(queue.size()).isZero();
  }

  @Test
  void soManyAtOnceAndTheOldestIsDropped() {
    WriteQueue<String> queue = new WriteQueue<>(2, 2);
    queue.add("a", "a", "1", now);
    queue.add("b", "b", "1", now);
    assertThat(queue.add("c", "c", "1", now)).isTrue();
    assertThat(next(queue)).isEqualTo("b1");
    assertThat(next(queue)).isEqualTo("c1");

    assertThat(queue.add("d", "d", "1", now)).isFalse();
    assertThat(next(queue)).isEmpty();
    queue.made("c", now);
    assertThat(next(queue)).isEqualTo("d1");
  }

  @Test
  void whatIsForgottenIsNotWritten() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    queue.add("a", "a", "1", now);
    queue.forget("a");
    assertThat(next(queue)).isEmpty();

    queue.add("a", "a", "2", now);
    assertThat(next(queue)).isEqualTo("a2");
    queue.add("a", "a", "3", now);
    queue.forget("a");
    queue.made("a", now);
    assertThat(next(queue)).isEmpty();
    assertThat(queue.size()).isZero();
  }

  @Test
  void whatFailsWaitsLongerEachTimeUntilItIsMade() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    queue.add("a", "a", "1", now);
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      assertThat(next(queue)).isEqualTo("a1");
      fail(queue, "a", "1");
      assertThat(next(queue)).isEmpty();
      pauses.add(pass(queue));
    }
    assertThat(pauses.subList(0, 4))
        .containsExactly(
            WriteQueue.FIRST_PAUSE,
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8));
    assertThat(pauses.getLast()).isEqualTo(WriteQueue.LONGEST_PAUSE);
    assertThat(queue.failing()).isEqualTo(1);

    assertThat(next(queue)).isEqualTo("a1");
    queue.made("a", now);
    assertThat(queue.failing()).isZero();
    queue.add("a", "a", "2", now);
    assertThat(next(queue)).isEqualTo("a2");
  }

  @Test
  void afterAFailureTheNewestIsTriedAndNotEarlier() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    queue.add("a", "a", "1", now);
    next(queue);
    queue.add("a", "a", "2", now);
    fail(queue, "a", "1");
    queue.add("a", "a", "3", now);
    assertThat(next(queue)).isEmpty();

    assertThat(pass(queue)).isEqualTo(WriteQueue.FIRST_PAUSE);
    assertThat(next(queue)).isEqualTo("a3");
  }

  /// Their writes may last until a webhook's timeout.
  @Test
  void thoseThatFailHaveAtMostHalfOfTheTurns() {
    WriteQueue<String> queue = new WriteQueue<>(2, ENDLESS);
    for (String key : List.of("a", "b")) {
      queue.add(key, key, "1", now);
      next(queue);
    }
    fail(queue, "a", "1");
    fail(queue, "b", "1");
    pass(queue);
    assertThat(next(queue)).isEqualTo("a1");
    assertThat(next(queue)).isEmpty();
    assertThat(queue.pause(now)).isEmpty();

    queue.add("c", "c", "1", now);
    assertThat(next(queue)).isEqualTo("c1");
    queue.made("c", now);
    fail(queue, "a", "1");
    assertThat(next(queue)).isEqualTo("b1");
  }

  private void addMany(WriteQueue<String> queue, String owner, int count) {
    for (int i = 0; i < count; i++) {
      queue.add(owner, owner + i, "", now);
    }
  }

  private List<String> nextOnes(WriteQueue<String> queue) {
    List<String> keys = new ArrayList<>();
    for (String key = next(queue); !key.isEmpty(); key = next(queue)) {
      keys.add(key);
    }
    return keys;
  }

  /// Nothing has failed yet, and all of them may last until they time out.
  @Test
  void noOwnerHasAllTheTurns() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    addMany(queue, "broken", 20);
    assertThat(nextOnes(queue)).hasSize(6);
    assertThat(queue.pause(now)).isEmpty();

    addMany(queue, "other", 20);
    assertThat(nextOnes(queue)).containsExactly("other0", "other1");
  }

  @Test
  void anOwnerOfWhoseObjectsOneFailedHasAQuarterOfTheTurnsAndOneOfThemForOthersOfIts() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    addMany(queue, "broken", 6);
    nextOnes(queue).forEach(key -> fail(queue, key, ""));
    now = now.plusSeconds(10);
    addMany(queue, "broken", 8);

    assertThat(nextOnes(queue)).containsExactly("broken0", "broken6");
    addMany(queue, "other", 20);
    assertThat(nextOnes(queue)).hasSize(6).allMatch(key -> key.startsWith("other"));
  }

  @Test
  void ownersThatFailShareHalfOfTheTurnsAndWhoHasNoneIsFirst() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    for (String owner : List.of("a", "b", "c")) {
      addMany(queue, owner, 1);
    }
    nextOnes(queue).forEach(key -> fail(queue, key, ""));
    // What was not refused of these waits for longer than what was refused of c.
    addMany(queue, "a", 4);
    addMany(queue, "b", 4);
    now = now.plusSeconds(10);
    addMany(queue, "other", 1);

    assertThat(nextOnes(queue)).hasSize(5).contains("c0", "other0");
    assertThat(queue.pause(now)).isEmpty();
  }

  @Test
  void whatIsForgottenIsNotTriedAgain() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    for (String key : List.of("a", "b")) {
      queue.add(key, key, "1", now);
      next(queue);
    }
    fail(queue, "a", "1");
    queue.forget("a");
    queue.forget("b");
    fail(queue, "b", "1");

    assertThat(queue.size()).isZero();
    assertThat(queue.failing()).isZero();
    assertThat(queue.pause(now)).isEmpty();
  }

  /// Seeded; the assertion's description has the seed.
  @Test
  void whateverHappensTheLastWriteOfEachObjectIsTheLastThatIsMade() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      WriteQueue<Integer> queue = new WriteQueue<>(1 + random.nextInt(4), ENDLESS);
      Map<String, Integer> last = new HashMap<>();
      Map<String, Integer> made = new HashMap<>();
      List<WriteQueue.Turn<Integer>> underWay = new ArrayList<>();
      for (int step = 0; step < 200; step++) {
        if (step < 100 && random.nextBoolean()) {
          String key = "k" + random.nextInt(5);
          last.put(key, step);
          queue.add("owner" + key.charAt(1) % 2, key, step, now);
        }
        if (random.nextBoolean()) {
          queue.next(now).ifPresent(underWay::add);
        } else if (!underWay.isEmpty()) {
          WriteQueue.Turn<Integer> turn = underWay.remove(random.nextInt(underWay.size()));
          if (random.nextInt(3) == 0) {
            queue.failed(turn, now);
          } else {
            made.put(turn.key(), turn.write());
            queue.made(turn.key(), now);
          }
        }
        now = now.plusMillis(random.nextInt(3000));
        Set<String> keys = new HashSet<>();
        underWay.forEach(
            turn -> assertThat(keys.add(turn.key())).as("seed %d, twice", seed).isTrue());
      }
      while (queue.size() > 0) {
        now = now.plus(queue.pause(now).orElse(Duration.ZERO));
        queue.next(now).ifPresent(underWay::add);
        WriteQueue.Turn<Integer> turn = underWay.removeFirst();
        made.put(turn.key(), turn.write());
        queue.made(turn.key(), now);
      }
      assertThat(queue.failing()).as("seed %d, round %d", seed, round).isZero();
      assertThat(made).as("seed %d, round %d", seed, round).isEqualTo(last);
    }
  }
}
