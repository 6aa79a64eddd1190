package dev.podbond.agent.serve;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Lets work on one container happen in the order in which it came, and that on different ones at
/// the same time.
public final class ContainerOrder {
  private final Map<String, Turn> turns = new HashMap<>();

  /// A container's lock and how many have or wait for it.
  private static final class Turn {
    final ReentrantLock lock = new ReentrantLock(true);
    int users;
  }

  /// Someone's turn, until it is closed.
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /// Waits for this container's turn; calls about no container have no order.
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

  /// Takes this container's turn if nobody has it.
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

  /// How many containers there is work on.
  int size() {
    synchronized (turns) {
      return turns.size();
    }
  }
}
