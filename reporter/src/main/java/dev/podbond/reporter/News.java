package dev.podbond.reporter;

import dev.podbond.agent.wire.FrameChannel;
import java.io.IOException;
import java.time.Duration;

/// Waits for news of the agent's bonds, and raises a signal at each. It also does so when the agent
/// comes or goes, and every few seconds while it tells no news: an agent has only so many
/// listeners, and one of another release may not know the question.
final class News implements Runnable {
  /// @param retry after the connection ended
  /// @param poll between two looks without news
  /// @param polls how many looks until the agent is asked for news again
  record Times(Duration retry, Duration poll, int polls) {
    static final Times USUAL = new Times(Duration.ofSeconds(2), Duration.ofSeconds(5), 12);
  }

  private final AgentSocket agent;
  private final Signal signal;
  private final Times times;

  News(AgentSocket agent, Signal signal, Times times) {
    this.agent = agent;
    this.signal = signal;
    this.times = times;
  }

  /// Goes on until its thread is interrupted.
  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        listen();
        signal.raise();
        Thread.sleep(times.retry());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() throws InterruptedException {
    try (FrameChannel news = agent.news()) {
      while (AgentSocket.answer(news.receive().frame()).isPresent()) {
        signal.raise();
      }
    } catch (IOException _) {
      // Whoever asks for the bonds says so.
      return;
    }
    for (int i = 0; i < times.polls(); i++) {
      signal.raise();
      Thread.sleep(times.poll());
    }
  }
}
