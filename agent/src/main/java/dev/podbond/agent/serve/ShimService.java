package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.MalformedFrameException;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Takes connections of shims and serves the call of each, a number of them at a time.
public final class ShimService implements AutoCloseable {
  /// The kernel makes changes to links one at a time; more threads would only wait for it.
  private static final int CONCURRENT_CALLS = 16;

  /// Longer than any configuration that fits into a Kubernetes object.
  private static final int MAX_KEPT_BYTES = 2 * 1024 * 1024;

  /// As long as the Go library's own plugins wait for a DHCP server at most.
  private static final Duration IPAM_LIMIT = Duration.ofSeconds(60);

  /// A shim has its whole request at hand when it connects.
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

  /// What ends in this time after SIGTERM ends well.
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(70);

  private final ShimListener listener;
  private final CallGate gate;
  private final Function<String, Answer> queries;
  private final PluginExec ownExec;
  private final AgentLog log;
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          CONCURRENT_CALLS, Thread.ofPlatform().name("call-", 1).factory());
  private final ScheduledThreadPoolExecutor reaper = new ScheduledThreadPoolExecutor(1);
  private volatile boolean draining;

  /// A service on a socket, not yet running.
  ///
  /// @param gate serves calls, in their order
  /// @param queries answers questions to the agent itself
  /// @param ownExec runs IPAM plugins whose shim is gone
  public ShimService(
      ShimListener listener,
      CallGate gate,
      Function<String, Answer> queries,
      PluginExec ownExec,
      AgentLog log) {
    this.listener = listener;
    this.gate = gate;
    this.queries = queries;
    this.ownExec = ownExec;
    this.log = log;
    reaper.setRemoveOnCancelPolicy(true);
  }

  /// Serves until [#close].
  public void run() throws IOException {
    while (true) {
      SocketChannel connection;
      try {
        connection = listener.accept();
      } catch (ClosedChannelException _) {
        return;
      }
      dispatch(connection);
    }
  }

  private void dispatch(SocketChannel connection) {
    try {
      workers.execute(() -> serve(connection));
    } catch (RejectedExecutionException _) {
      // Being stopped: all that is left to do for it is to say so.
      serve(connection);
    }
  }

  private void serve(SocketChannel connection) {
    try (FrameChannel shim = new FrameChannel(connection, MAX_KEPT_BYTES)) {
      FrameChannel.Received request = receive(connection, shim);
      while (request.frame().knownKind().isEmpty()) {
        if (!request.frame().isOptional()) {
          shim.send(Frame.of(FrameKind.UNSUPPORTED).withU8(Tag.KIND, request.frame().kind()));
        }
        request = receive(connection, shim);
      }
      shim.send(answer(request, shim).toFrame());
    } catch (EOFException _) {
      // A shim that was killed, or somebody who only looked whether the agent is there.
    } catch (IOException e) {
      log.warn("a connection was given up: " + e.getMessage());
    } catch (RuntimeException e) {
      log.warn("a call failed by a defect: " + e);
    }
  }

  private FrameChannel.Received receive(SocketChannel connection, FrameChannel shim)
      throws IOException {
    Future<?> tooLate =
        reaper.schedule(() -> close(connection), REQUEST_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return shim.receive();
    } finally {
      tooLate.cancel(false);
    }
  }

  private void close(SocketChannel connection) {
    try {
      connection.close();
    } catch (IOException e) {
      log.warn("a connection could not be closed: " + e.getMessage());
    }
  }

  private Answer answer(FrameChannel.Received request, FrameChannel shim)
      throws MalformedFrameException {
    if (request.tooLong()) {
      return CallServer.refusal(
          CniErrorCode.DECODING_FAILURE,
          "the call is longer than " + MAX_KEPT_BYTES + " bytes: no configuration is");
    }
    Frame frame = request.frame();
    if (frame.knownKind().equals(Optional.of(FrameKind.QUERY))) {
      return queries.apply(frame.text(Tag.SUBJECT).orElse(""));
    }
    Call call = Call.of(frame);
    if (draining) {
      return CallServer.refusal(
          CniErrorCode.TRY_AGAIN_LATER, "the agent of this node is being stopped");
    }
    return gate.serve(call, new RemoteExec(shim, IPAM_LIMIT, ownExec));
  }

  /// Refuses new calls with code 11, lets those under way end, and closes the socket.
  @Override
  public void close() throws IOException {
    draining = true;
    workers.shutdown();
    try {
      if (!workers.awaitTermination(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("calls were still under way after " + DRAIN_LIMIT.toSeconds() + " s");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    listener.close();
    reaper.shutdownNow();
  }
}
