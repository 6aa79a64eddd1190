package dev.podbond.ipam.store;

import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.netlink.Flock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The lock of a network's store: flock(2) on its file `lock`, which any host-local takes, too.
///
/// The callers of this process queue for it first, in the order in which they came; so at most one
/// of them asks the kernel, and other programs are not kept away by a crowd. A lock that another
/// program has is asked for again and again, so a caller waits no longer than it wants to.
final class StoreLock implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofNanos(200_000);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(10);

  /// The queues of the files that somebody in this process has or waits for.
  private static final Map<Path, Queue> QUEUES = new HashMap<>();

  /// Those who hold the turn or wait for it.
  private static final class Queue {
    final Semaphore turn = new Semaphore(1, true);
    int users;
  }

  private final Path file;
  private final Queue queue;
  private final Flock lock;

  private StoreLock(Path file, Queue queue, Flock lock) {
    this.file = file;
    this.queue = queue;
    this.lock = lock;
  }

  /// Waits for the lock.
  ///
  /// @param file must exist
  /// @throws CniException with code 11 if others have it for longer than the patience
  /// @throws IOException if the file cannot be opened or locked
  static StoreLock take(Path file, Duration patience) throws IOException, CniException {
    long deadline = System.nanoTime() + patience.toNanos();
    Path real = file.toRealPath();
    Queue queue = join(real);
    boolean hasTurn = false;
    Flock lock = null;
    boolean taken = false;
    try {
      hasTurn = queue.turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (!hasTurn) {
        throw busy(file, patience);
      }
      lock = Flock.open(real);
      await(lock, file, deadline, patience);
      taken = true;
      return new StoreLock(real, queue, lock);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CniException(
          CniErrorCode.TRY_AGAIN_LATER, "interrupted while waiting for the lock " + file, e);
    } finally {
      if (!taken) {
        if (lock != null) {
          lock.close();
        }
        leave(real, queue, hasTurn);
      }
    }
  }

  private static void await(Flock lock, Path file, long deadline, Duration patience)
      throws IOException, CniException, InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!lock.tryLock()) {
      if (System.nanoTime() - deadline >= 0) {
        throw busy(file, patience);
      }
      Thread.sleep(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  private static CniException busy(Path file, Duration patience) {
    return new CniException(
        CniErrorCode.TRY_AGAIN_LATER,
        "the lock " + file + " was not free within " + patience.toMillis() + " ms",
        "another host-local is at work on these addresses, or hangs: `fuser "
            + file
            + "` names it");
  }

  private static Queue join(Path file) {
    synchronized (QUEUES) {
      Queue queue = QUEUES.computeIfAbsent(file, _ -> new Queue());
      queue.users++;
      return queue;
    }
  }

  private static void leave(Path file, Queue queue, boolean hasTurn) {
    if (hasTurn) {
      queue.turn.release();
    }
    synchronized (QUEUES) {
      queue.users--;
      if (queue.users == 0) {
        QUEUES.remove(file);
      }
    }
  }

  /// How many files anybody has or waits for.
  static int files() {
    synchronized (QUEUES) {
      return QUEUES.size();
    }
  }

  /// Gives the lock to the next.
  @Override
  public void close() {
    lock.close();
    leave(file, queue, true);
  }
}
