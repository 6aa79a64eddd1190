package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Answers questions on a socket of their own, to which any process may connect that can enter its
/// directory. It takes nothing but a question, so nobody can change anything through it.
///
/// Whoever asks is not trusted. Two questions are answered at a time, whoever comes meanwhile waits
/// in the kernel's queue, and no connection lasts longer than both limits together: so askers can
/// hold up other askers, and cost the agent no more than two answers.
public final class QueryService implements AutoCloseable {
  /// Two, so that one who is slow does not hold up all others.
  private static final int AT_ONCE = 2;

  /// No question is longer.
  private static final int MOST_BYTES = 256;

  private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);

  /// Nobody fills the log by asking.
  private static final Duration COMPLAINT_REST = Duration.ofMinutes(1);

  private static final Limits USUAL_LIMITS =
      new Limits(Duration.ofSeconds(2), Duration.ofSeconds(5));

  /// How long a connection may take.
  ///
  /// @param question for sending the question
  /// @param answer for taking the answer
  record Limits(Duration question, Duration answer) {}

  private final ShimListener listener;
  private final Function<String, Frame> answers;
  private final Limits limits;
  private final AgentLog log;
  private final ScheduledThreadPoolExecutor reaper = new ScheduledThreadPoolExecutor(1);
  private Optional<Long> complained = Optional.empty();

  private QueryService(
      ShimListener listener, Function<String, Frame> answers, Limits limits, AgentLog log) {
    this.listener = listener;
    this.answers = answers;
    this.limits = limits;
    this.log = log;
    reaper.setRemoveOnCancelPolicy(true);
  }

  /// Opens the socket and answers until [#close].
  ///
  /// @param answers the answer to the question about a subject
  /// @throws IOException if the socket cannot be there
  public static QueryService start(Path socket, Function<String, Frame> answers, AgentLog log)
      throws IOException {
    return start(socket, answers, USUAL_LIMITS, log);
  }

  static QueryService start(
      Path socket, Function<String, Frame> answers, Limits limits, AgentLog log)
      throws IOException {
    QueryService service =
        new QueryService(ShimListener.openToEverybody(socket), answers, limits, log);
    for (int i = 0; i < AT_ONCE; i++) {
      Thread.ofVirtual().name("question-", i).start(service::serveAll);
    }
    return service;
  }

  private void serveAll() {
    while (true) {
      SocketChannel connection;
      try {
        connection = listener.accept();
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        complain("cannot take a question, and tries again: " + IoReason.withFile(e));
        pause();
        continue;
      }
      serve(connection);
    }
  }

  private void serve(SocketChannel connection) {
    try (FrameChannel asker = new FrameChannel(connection, MOST_BYTES)) {
      FrameChannel.Received question;
      try (ConnectionTimeout.Pending _ = closeAfter(limits.question(), connection)) {
        question = asker.receive();
      }
      Frame answer = answer(question);
      try (ConnectionTimeout.Pending _ = closeAfter(limits.answer(), connection)) {
        asker.send(answer);
      }
    } catch (IOException _) {
      // Whoever asks may go, stop or send nonsense. That is not the log's business.
    } catch (RuntimeException e) {
      complain("a question was not answered because of a defect: " + e);
    }
  }

  private Frame answer(FrameChannel.Received question) {
    Frame frame = question.frame();
    return frame.knownKind().equals(Optional.of(FrameKind.QUERY)) && !question.tooLong()
        ? answers.apply(frame.text(Tag.SUBJECT).orElse(""))
        : Frame.of(FrameKind.UNSUPPORTED).withU8(Tag.KIND, frame.kind());
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

  private synchronized void complain(String problem) {
    long now = System.nanoTime();
    if (complained.filter(last -> now - last < COMPLAINT_REST.toNanos()).isEmpty()) {
      complained = Optional.of(now);
      log.warn(problem);
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
    listener.close();
    reaper.shutdownNow();
  }
}
