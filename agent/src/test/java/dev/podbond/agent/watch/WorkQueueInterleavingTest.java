package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.interleaving.Interleavings;
import dev.podbond.agent.interleaving.Scenario;
import dev.podbond.agent.interleaving.Schedule;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.watch.WorkQueue.Lane;
import dev.podbond.agent.watch.WorkQueue.Patience;
import dev.podbond.agent.watch.WorkQueue.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

final class WorkQueueInterleavingTest {
  /// Its time has come at once, whatever was said.
  private static final class Due extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final long delayNanos;

    Due(Runnable work, long delayNanos) {
      super(work, null);
      this.delayNanos = delayNanos;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  /// Has no thread: whoever comes by is it, unless another is.
  private static final class Quick extends ScheduledThreadPoolExecutor {
    private final Queue<Due> due = new ConcurrentLinkedQueue<>();
    private final ReentrantLock thread = new ReentrantLock();

    Quick() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
      Due one = new Due(work, unit.toNanos(delay));
      due.add(one);
      return one;
    }

    void runNext() {
      if (thread.tryLock()) {
        try {
          Due next = due.poll();
          if (next != null) {
            next.run();
          }
        } finally {
          thread.unlock();
        }
      }
    }
  }

  /// Has no threads: whoever comes by is one.
  private static final class Slow extends ThreadPoolExecutor {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Slow() {
      super(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }

    @Override
    public void execute(Runnable work) {
      waiting.add(work);
    }

    void runNext() {
      Runnable next = waiting.poll();
      if (next != null) {
        next.run();
      }
    }
  }

  /// Two who each have a reason for the same slow work, and a hand for what is due.
  static final class OnOneSubject implements Scenario {
    private static final Duration LONG = Duration.ofDays(1);

    private final Quick quick = new Quick();
    private final Slow slow = new Slow();
    private final WorkQueue queue =
        new WorkQueue(
            new AgentLog(new PrintStream(OutputStream.nullOutputStream())),
            new Patience(LONG, LONG, LONG, LONG),
            quick,
            slow);
    private final AtomicInteger reasons = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private volatile int seen;

    @Override
    public List<Runnable> threads() {
      Runnable script =
          () -> {
            reasons.incrementAndGet();
            queue.plan("subject", Lane.SLOW, Duration.ZERO, this::work);
            quick.runNext();
            slow.runNext();
          };
      return List.of(script, script);
    }

    private Progress work() {
      most.accumulateAndGet(working.incrementAndGet(), Math::max);
      seen = reasons.get();
      Schedule.point();
      working.decrementAndGet();
      return Progress.DONE;
    }

    @Override
    public void check() {
      while (!quick.due.isEmpty() || !slow.waiting.isEmpty()) {
        quick.runNext();
        slow.runNext();
      }
      assertThat(most.get()).as("at work on one subject together").isEqualTo(1);
      assertThat(seen).as("reasons that the last work has seen").isEqualTo(2);
      assertThat(queue.has("subject")).isFalse();
    }
  }

  @Test
  void howeverTheyMeetNoReasonIsLostAndOneIsAtWork() throws Exception {
    Interleavings.explore(OnOneSubject.class, WorkQueue.class);
  }
}
