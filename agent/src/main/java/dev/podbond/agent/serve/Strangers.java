package dev.podbond.agent.serve;

import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Answers whoever connects, trusted or not. Two connections are served at a time, whoever comes
/// meanwhile waits in the kernel's queue, and no connection lasts longer than both limits together:
/// so strangers can hold up other strangers, and cost the agent no more than two answers.
public final class Strangers implements AutoCloseable {
  /// Two, so that one who is slow does not hold up all others.
  private static final int AT_ONCE = 2;

  private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);

  /// How long a connection may take.
  ///
  /// @param question for sending the question
  /// @param answer for making and taking the answer
  public record Limits(Duration question, Duration answer) {
    /// Long enough for an honest process on a node that hardly lets it run.
    public static final Limits USUAL = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  /// Where they come from.
  public interface Door extends AutoCloseable {
    /// Waits for the next connection.
    ///
    /// @throws ClosedChannelException after [#close]
    SocketChannel accept() throws IOException;

    @Override
    void close() throws IOException;
  }

  /// How one is served.
  @FunctionalInterface
  public interface Conversation {
    /// Reads the question from a blocking connection, and returns what answers it.
    Reply listen(SocketChannel connection) throws IOException;
  }

  /// The answer to a question that was read.
  @FunctionalInterface
  public interface Reply {
    /// Makes the answer and sends it.
    ///
    /// @return what becomes of the connection
    After send() throws IOException;
  }

  /// What becomes of a connection after its answer.
  public enum After {
    CLOSE,
    /// Somebody else has it now.
    KEPT
  }

  private final Door door;
  private final Conversation conversation;
  private final Limits limits;
  private final RareWarning problems;
  private final ScheduledThreadPoolExecutor reaper = new ScheduledThreadPoolExecutor(1);

  private Strangers(Door door, Conversation conversation, Limits limits, AgentLog log) {
    this.door = door;
    this.conversation = conversation;
    this.limits = limits;
    this.problems = new RareWarning(log);
    reaper.setRemoveOnCancelPolicy(true);
  }

  /// Answers until [#close], which also closes the door.
  public static Strangers serve(Door door, Conversation conversation, Limits limits, AgentLog log) {
    Strangers strangers = new Strangers(door, conversation, limits, log);
    // For virtual ones each connection wakes a poller and several of the scheduler's threads.
    for (int i = 0; i < AT_ONCE; i++) {
      Thread.ofPlatform().daemon().name("question-", i).start(strangers::serveAll);
    }
    return strangers;
  }

  private void serveAll() {
    while (true) {
      SocketChannel connection;
      try {
        connection = door.accept();
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        problems.warn("cannot take a question, and tries again: " + IoReason.withFile(e));
        pause();
        continue;
      }
      serve(connection);
    }
  }

  private void serve(SocketChannel connection) {
    After after = After.CLOSE;
    try {
      Reply reply;
      try (ConnectionTimeout.Pending _ = closeAfter(limits.question(), connection)) {
        reply = conversation.listen(connection);
      }
      try (ConnectionTimeout.Pending _ = closeAfter(limits.answer(), connection)) {
        after = reply.send();
      }
    } catch (IOException _) {
      // Whoever asks may go, stop or send nonsense. That is not the log's business.
    } catch (RuntimeException e) {
      problems.warn("a question was not answered because of a defect: " + e);
    }
    if (after == After.CLOSE) {
      close(connection);
    }
  }

  private ConnectionTimeout.Pending closeAfter(Duration limit, SocketChannel connection) {
    try {
      Future<?> tooLate =
          reaper.schedule(() -> close(connection), limit.toMillis(), TimeUnit.MILLISECONDS);
      return () -> tooLate.cancel(false);
    } catch (RejectedExecutionException _) {
      // The service is being stopped, and the process ends.
      return () -> {};
    }
  }

  private static void close(SocketChannel connection) {
    try {
      connection.close();
    } catch (IOException _) {
      // It is of no use to anybody any more.
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ACCEPT_PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    reaper.shutdownNow();
    door.close();
  }
}
