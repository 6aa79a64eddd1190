package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import java.io.IOException;
import java.time.Duration;

/// A thread that listens for as long as it is wanted. Nothing that is heard, and no failure to
/// hear, ends it: bonds would go unrepaired without a word.
final class ListenerThread {
  /// After a failure, so that one that stays fills no log.
  private static final Duration BREATH = Duration.ofSeconds(1);

  /// Waits for one piece of news and does what follows from it.
  interface Listener {
    void receiveNext() throws IOException;
  }

  private final Listener source;
  private final Runnable missed;
  private final AgentLog log;
  private final Thread thread;
  private volatile boolean ended;

  /// Not yet listening.
  ///
  /// @param name of the thread
  /// @param missed what to do after a failure, since something may have gone unheard
  ListenerThread(String name, Listener source, Runnable missed, AgentLog log) {
    this.source = source;
    this.missed = missed;
    this.log = log;
    this.thread = Thread.ofPlatform().name(name).unstarted(this::listen);
  }

  void start() {
    thread.start();
  }

  /// No more after what is being heard.
  void end() {
    ended = true;
  }

  /// Waits for the end.
  void await(Duration limit) {
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
