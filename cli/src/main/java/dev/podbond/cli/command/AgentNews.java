package dev.podbond.cli.command;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.MalformedFrameException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The news of an agent that answers the question `news` with a frame for each change. Of an agent
/// that does not, each second is taken for news.
final class AgentNews implements BondNews {
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Path socket;
  private final Timepiece time;
  private final Semaphore heard = new Semaphore(0);
  private volatile State state = State.LISTENING;
  private volatile AutoCloseable connection = () -> {};
  private volatile boolean closed;

  private enum State {
    LISTENING,
    /// The agent does not answer this question.
    REFUSED,
    /// The connection has ended.
    ENDED
  }

  private AgentNews(Path socket, Timepiece time) {
    this.socket = socket;
    this.time = time;
  }

  /// Begins to listen.
  static AgentNews of(Path socket, Timepiece time) {
    AgentNews news = new AgentNews(socket, time);
    Thread.ofVirtual().name("news").start(news::listen);
    return news;
  }

  private void listen() {
    try (FrameChannel agent = AgentSocket.open(socket, "news")) {
      connection = agent;
      if (closed) {
        return;
      }
      while (Answer.of(agent.receive().frame()).exitCode() == 0) {
        heard.release();
      }
      state = State.REFUSED;
    } catch (MalformedFrameException _) {
      // An answer without an exit code: the agent does not understand the question.
      state = State.REFUSED;
    } catch (IOException _) {
      state = State.ENDED;
    }
    heard.release();
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException {
    if (state == State.REFUSED) {
      time.sleep(atMost.compareTo(POLL) < 0 ? atMost : POLL);
      return true;
    }
    var _ = heard.tryAcquire(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
    heard.drainPermits();
    return state != State.ENDED;
  }

  @Override
  public void close() {
    closed = true;
    try {
      connection.close();
    } catch (Exception _) {
      // Nothing was written to it that could be lost.
    }
  }
}
