package dev.podbond.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static String next(WriteQueue<String> queue) {
    return queue.next().map(turn -> turn.key() + turn.write()).orElse("");
  }

  @Test
  void ofOneObjectOneIsUnderWayAndTheNewestIsNext() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    queue.add("a", "1");
    assertThat(next(queue)).isEqualTo("a1");

    queue.add("a", "2");
    queue.add("a", "3");
    queue.add("b", "1");
    assertThat(next(queue)).isEqualTo("b1");
    assertThat(next(queue)).isEmpty();

    queue.end("a");
    assertThat(next(queue)).isEqualTo("a3");
    queue.end("a");
    queue.end("b");
    assertThat(next(queue)).isEmpty();
    assertThat(queue.size()).isZero();
  }

  @Test
  void soManyAtOnceAndTheOldestIsDropped() {
    WriteQueue<String> queue = new WriteQueue<>(2, 2);
    queue.add("a", "1");
    queue.add("b", "1");
    assertThat(queue.add("c", "1")).isTrue();
    assertThat(next(queue)).isEqualTo("b1");
    assertThat(next(queue)).isEqualTo("c1");

    assertThat(queue.add("d", "1")).isFalse();
    assertThat(next(queue)).isEmpty();
    queue.end("c");
    assertThat(next(queue)).isEqualTo("d1");
  }

  @Test
  void whatIsForgottenIsNotWritten() {
    WriteQueue<String> queue = new WriteQueue<>(8, ENDLESS);
    queue.add("a", "1");
    queue.forget("a");
    assertThat(next(queue)).isEmpty();

    queue.add("a", "2");
    assertThat(next(queue)).isEqualTo("a2");
    queue.add("a", "3");
    queue.forget("a");
    queue.end("a");
    assertThat(next(queue)).isEmpty();
    assertThat(queue.size()).isZero();
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
          queue.add(key, step);
        }
        if (random.nextBoolean()) {
          queue.next().ifPresent(underWay::add);
        } else if (!underWay.isEmpty()) {
          WriteQueue.Turn<Integer> turn = underWay.remove(random.nextInt(underWay.size()));
          made.put(turn.key(), turn.write());
          queue.end(turn.key());
        }
        Set<String> keys = new HashSet<>();
        underWay.forEach(
            turn -> assertThat(keys.add(turn.key())).as("seed %d, twice", seed).isTrue());
      }
      while (queue.size() > 0) {
        queue.next().ifPresent(underWay::add);
        WriteQueue.Turn<Integer> turn = underWay.removeFirst();
        made.put(turn.key(), turn.write());
        queue.end(turn.key());
      }
      assertThat(made).as("seed %d, round %d", seed, round).isEqualTo(last);
    }
  }
}
