package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.watch.WorkQueue.Lane;
import dev.podbond.agent.watch.WorkQueue.Patience;
import dev.podbond.agent.watch.WorkQueue.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WorkQueueTest {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMillis(1);

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
  private WorkQueue queue = queue(new Patience(NEVER, NEVER, NEVER, NEVER));

  private WorkQueue queue(Patience patience) {
    return new WorkQueue(
        new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8)), patience);
  }

  @AfterEach
  void close() {
    queue.close();
  }

  private void plan(String subject, Lane lane, Progress progress) {
    queue.plan(
        subject,
        lane,
        AT_ONCE,
        () -> {
          done.add(subject);
          return progress;
        });
  }

  /// Waits for the next work, which must be on this subject.
  private void awaitNext(String subject) throws InterruptedException {
    assertThat(done.poll(1, TimeUnit.MINUTES)).isEqualTo(subject);
  }

  /// Waits until all work has run that was planned until now and could run at once.
  private void awaitTurn() throws InterruptedException {
    plan("turn", Lane.QUICK, Progress.DONE);
    awaitNext("turn");
  }

  /// Nothing quick is done until the door is open.
  private CountDownLatch closeTheDoor() {
    CountDownLatch open = new CountDownLatch(1);
    queue.plan(
        "door",
        Lane.QUICK,
        AT_ONCE,
        () -> {
          await(open);
          return Progress.DONE;
        });
    return open;
  }

  @Test
  void manyReasonsAreOnePieceOfWork() throws Exception {
    CountDownLatch open = closeTheDoor();
    for (int i = 0; i < 100; i++) {
      plan("a", Lane.QUICK, Progress.DONE);
    }
    open.countDown();
    awaitNext("a");
    awaitTurn();
    assertThat(done).isEmpty();
  }

  @Test
  void whatIsPutOffIsDoneOnceWhenNobodyAsksForItAnyMore() throws Exception {
    CountDownLatch open = closeTheDoor();
    putOff("collection", AT_ONCE);
    putOff("collection", NEVER);
    open.countDown();
    awaitTurn();
    assertThat(done).isEmpty();

    putOff("collection", AT_ONCE);
    awaitNext("collection");
    awaitTurn();
    assertThat(done).isEmpty();
    assertThat(queue.has("collection")).isFalse();
  }

  private void putOff(String subject, Duration silence) {
    queue.putOff(
        subject,
        Lane.QUICK,
        silence,
        () -> {
          done.add(subject);
          return Progress.DONE;
        });
  }

  /// Whoever is in a pod can make events without end, and the repair itself makes some.
  @Test
  void eventsDoNotBringForwardWhatFailed() throws Exception {
    plan("repair", Lane.QUICK, Progress.AGAIN);
    awaitNext("repair");
    for (int i = 0; i < 10; i++) {
      plan("repair", Lane.QUICK, Progress.AGAIN);
      awaitTurn();
    }
    assertThat(done).isEmpty();
    assertThat(queue.has("repair")).isTrue();
  }

  @Test
  void whatHadToBeChangedRestsBeforeItIsLookedAtAgain() throws Exception {
    plan("repair", Lane.QUICK, Progress.CHANGED);
    awaitNext("repair");
    for (int i = 0; i < 10; i++) {
      plan("repair", Lane.QUICK, Progress.CHANGED);
      awaitTurn();
    }
    assertThat(done).isEmpty();
    assertThat(queue.has("repair")).isTrue();
  }

  @Test
  void whatFailedIsTriedAgainUntilItIsDone() throws Exception {
    queue.close();
    queue = queue(new Patience(SOON, SOON, SOON, SOON));
    List<Progress> left = new ArrayList<>(List.of(Progress.AGAIN, Progress.AGAIN, Progress.DONE));
    queue.plan(
        "a",
        Lane.QUICK,
        AT_ONCE,
        () -> {
          done.add("a");
          return left.removeFirst();
        });
    awaitNext("a");
    awaitNext("a");
    awaitNext("a");
    awaitTurn();
    assertThat(left).isEmpty();
  }

  @Test
  void aDefectInOnePieceOfWorkIsTheEndOfNothingElse() throws Exception {
    for (Lane lane : Lane.values()) {
      queue.plan(
          "exception of " + lane,
          lane,
          AT_ONCE,
          () -> {
            throw new IllegalStateException("a defect");
          });
      queue.plan(
          "error of " + lane,
          lane,
          AT_ONCE,
          () -> {
            throw new StackOverflowError();
          });
      plan("other", lane, Progress.DONE);
      awaitNext("other");
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("work on exception of QUICK failed because of a defect", "a defect");
    assertThat(queue.has("exception of QUICK")).isTrue();
  }

  @Test
  void quickWorkDoesNotWaitForSlowWork() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      queue.plan(
          "ipam " + i,
          Lane.SLOW,
          AT_ONCE,
          () -> {
            await(answer);
            return Progress.DONE;
          });
    }
    plan("repair", Lane.QUICK, Progress.DONE);
    awaitNext("repair");
    answer.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
