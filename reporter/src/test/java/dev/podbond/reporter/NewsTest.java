package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NewsTest {
  private static final News.Times TIMES =
      new News.Times(Duration.ofMillis(20), Duration.ofMillis(20), 3);

  @TempDir Path directory;

  /// How often the signal was raised.
  private final AtomicInteger raised = new AtomicInteger();

  private Thread listen() {
    Signal signal = new Signal();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (true) {
              signal.await(Duration.ofMinutes(10));
              raised.incrementAndGet();
            }
          } catch (InterruptedException _) {
            // Never.
          }
        });
    AgentSocket agent = new AgentSocket(directory.resolve("agent.sock"));
    return Thread.ofPlatform().daemon().start(new News(agent, signal, TIMES));
  }

  @Test
  void eachOfTheAgentsIsASignal() throws Exception {
    try (FakeAgent agent = new FakeAgent(directory.resolve("agent.sock"))) {
      Thread news = listen();
      ReporterTest.await(() -> agent.askedForNews() == 1 && raised.get() == 1);
      agent.change("{}");
      ReporterTest.await(() -> raised.get() == 2);
      news.interrupt();
    }
  }

  @Test
  void anAgentThatTellsNoneIsLookedAtEveryFewSecondsAndAskedAgain() throws Exception {
    try (FakeAgent agent = new FakeAgent(directory.resolve("agent.sock"))) {
      agent.tellNoNews();
      Thread news = listen();
      ReporterTest.await(() -> agent.askedForNews() >= 2 && raised.get() >= 6);
      news.interrupt();
    }
  }

  @Test
  void anAgentThatGoesAndComesIsASignal() throws IOException, InterruptedException {
    Thread news = listen();
    ReporterTest.await(() -> raised.get() >= 2);
    try (FakeAgent agent = new FakeAgent(directory.resolve("agent.sock"))) {
      ReporterTest.await(() -> agent.askedForNews() == 1);
    }
    int before = raised.get();
    ReporterTest.await(() -> raised.get() > before);
    assertThat(news.isAlive()).isTrue();
    news.interrupt();
  }
}
