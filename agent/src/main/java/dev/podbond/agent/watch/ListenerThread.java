package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import java.io.IOException;
import java.time.Duration;

/// A thread that listens until it is told to end. Neither a failure to receive nor a defect in
/// handling ends it: otherwise bonds would silently stay broken.
final class ListenerThread {
  /// The pause after a failure, so that a lasting failure does not fill the log.
  private static final Duration BREATH = Duration.ofSeconds(1);

  /// Waits for one piece of news and handles it.
  interface Listener {
    void receiveNext() throws IOException;
  }

  private final Listener source;
  private final Runnable missed;
  private final AgentLog log;
  private final Thread thread;
  private volatile boolean ended;

  /// Does not listen until [#start].
  ///
  /// @param name the thread's name
  /// @param missed runs after a failure, because news may have been missed
  ListenerThread(String name, Listener source, Runnable missed, AgentLog log) {
    this.source = source;
    this.missed = missed;
    this.log = log;
    this.thread = Thread.ofPlatform().name(name).unstarted(this::listen);
  }

  void start() {
    thread.start();
  }

  /// Ends the thread after the present piece of news.
  void end() {
    ended = true;
  }

  /// Waits until the thread has ended. One that was never started has.
  void await(Duration limit) {
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    try {
      thread.join(limit);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    while (!ended) {
      try {
        source.receiveNext();
      } catch (IOException | RuntimeException e) {
        log.warn("listening to the kernel failed: " + e);
        missed.run();
        breathe();
      }
    }
  }

  private static void breathe() {
    try {
      Thread.sleep(BREATH);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
