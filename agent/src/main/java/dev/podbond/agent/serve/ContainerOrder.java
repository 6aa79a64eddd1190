package dev.podbond.agent.serve;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Runs work on one container in the order of arrival, and work on different containers at the same
/// time.
public final class ContainerOrder {
  private final Map<String, Turn> turns = new HashMap<>();

  /// A container's lock, and the number of threads that hold it or wait for it.
  private static final class Turn {
    final ReentrantLock lock = new ReentrantLock(true);
    int users;
  }

  /// A turn, which ends when it is closed.
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /// Waits for this container's turn. Calls without a container have no order and do not wait.
  public Held enter(String containerId) {
    if (containerId.isEmpty()) {
      return () -> {};
    }
    Turn turn;
    synchronized (turns) {
      turn = turns.computeIfAbsent(containerId, _ -> new Turn());
      turn.users++;
    }
    turn.lock.lock();
    return () -> leave(containerId, turn);
  }

  /// Takes this container's turn if it is free.
  public Optional<Held> tryEnter(String containerId) {
    if (containerId.isEmpty()) {
      return Optional.of(() -> {});
    }
    synchronized (turns) {
      Turn turn = turns.computeIfAbsent(containerId, _ -> new Turn());
      if (!turn.lock.tryLock()) {
        return Optional.empty();
      }
      turn.users++;
      return Optional.of(() -> leave(containerId, turn));
    }
  }

  private void leave(String containerId, Turn turn) {
    turn.lock.unlock();
    synchronized (turns) {
      turn.users--;
      if (turn.users == 0) {
        turns.remove(containerId);
      }
    }
  }

  /// The number of containers that have work.
  int size() {
    synchronized (turns) {
      return turns.size();
    }
  }
}
