package dev.podbond.agent.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A limit for a question and its answer as a whole. A limit for each read would let a peer that
/// sends a byte now and then hold whoever asks for ever.
public final class TimeLimit {
  private TimeLimit() {}

  /// A question that is asked, and its answer.
  @FunctionalInterface
  public interface Question<T> {
    /// Asks and waits. It is interrupted when it takes too long, and has to let go of what it
    /// opened.
    T ask() throws IOException;
  }

  /// Asks over a channel of java.nio, which the end of the time closes.
  ///
  /// @throws IOException that of the question, or one that says that the time is over
  public static <T> T ofChannel(Duration limit, Question<T> question) throws IOException {
    return await(limit, question, Thread.ofPlatform().daemon().name("question"));
  }

  /// Asks over a socket of java.net, which the end of the time closes: it does so for a virtual
  /// thread alone.
  ///
  /// @throws IOException as for [#ofChannel]
  public static <T> T ofSocket(Duration limit, Question<T> question) throws IOException {
    return await(limit, question, Thread.ofVirtual().name("question"));
  }

  private static <T> T await(Duration limit, Question<T> question, Thread.Builder threads)
      throws IOException {
    FutureTask<T> asked = new FutureTask<>(question::ask);
    threads.start(asked);
    try {
      return asked.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new SocketTimeoutException("no whole answer within " + seconds(limit));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the wait for an answer was interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      asked.cancel(true);
    }
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }
}
