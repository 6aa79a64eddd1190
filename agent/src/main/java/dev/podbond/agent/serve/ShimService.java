package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.value.IoReason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

/// Accepts connections of shims and serves the call of each in its own virtual thread. A call
/// mostly waits, above all for an IPAM plugin, and a waiting call delays no other call. Calls that
/// work or block in the kernel share as many carrier threads as the agent's JVM options allow.
public final class ShimService implements AutoCloseable {
  /// Further connections wait. The number exceeds that of calls, so that questions to the agent
  /// itself always find a place.
  private static final int MOST_CONNECTIONS = CallMemory.mostCalls() + 128;

  /// Between tries to take a connection while there can be none.
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(20);

  /// Many connections may fail one after the other; the log tells it once for all of them.
  private static final Duration COMPLAINT_REST = Duration.ofMinutes(1);

  private static final Limits USUAL_LIMITS =
      new Limits(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));

  /// How long calls under way may take to end after SIGTERM.
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(70);

  /// How long we wait for a shim. Otherwise a stopped or hostile shim would keep a thread for ever,
  /// and in the middle of a call also the locks of a pod and its VFs.
  ///
  /// @param request for its whole request; a shim has it ready when it connects
  /// @param grace for a plugin's run, beyond the limit that the shim itself enforces; and for
  ///   taking the answer
  /// @param share for memory for its call; a deletion then still has 90 of the 120 s that its shim
  ///   waits
  record Limits(Duration request, Duration grace, Duration share) {}

  private final ShimListener listener;
  private final CallHandler gate;
  private final Function<String, Frame> queries;
  private final PluginExec ownExec;
  private final AgentLog log;
  private final Runnable activity;
  private final Limits limits;
  private final PluginLimits ipamLimits;
  private final CallMemory memory;
  private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 1).factory());
  private final ScheduledThreadPoolExecutor reaper = new ScheduledThreadPoolExecutor(1);

  private volatile boolean draining;

  /// When we last logged that no connection could be accepted.
  private OptionalLong complained = OptionalLong.empty();

  /// A service on a socket; it does not run yet.
  ///
  /// @param gate serves calls, in their order
  /// @param queries answers questions to the agent itself
  /// @param ownExec runs IPAM plugins whose shim is gone
  /// @param stored how many bytes are on the disk about the attachment of a container and an
  ///   interface
  /// @param activity is told when serving begins, and after each call. Questions do not count: who
  ///   asks for metrics every few seconds would have all memory collected as often
  public ShimService(
      ShimListener listener,
      CallHandler gate,
      Function<String, Frame> queries,
      PluginExec ownExec,
      ToLongBiFunction<String, String> stored,
      Runnable activity,
      AgentLog log) {
    this(listener, gate, queries, ownExec, stored, activity, log, USUAL_LIMITS, PluginLimits.IPAM);
  }

  ShimService(
      ShimListener listener,
      CallHandler gate,
      Function<String, Frame> queries,
      PluginExec ownExec,
      ToLongBiFunction<String, String> stored,
      Runnable activity,
      AgentLog log,
      Limits limits,
      PluginLimits ipamLimits) {
    this.activity = activity;
    this.limits = limits;
    this.memory = new CallMemory(limits.share(), stored);
    this.ipamLimits = ipamLimits;
    this.listener = listener;
    this.gate = gate;
    this.queries = queries;
    this.ownExec = ownExec;
    this.log = log;
    reaper.setRemoveOnCancelPolicy(true);
  }

  /// Serves until [#close]. If descriptors or kernel memory run out, new connections wait until
  /// calls under way give some back.
  public void run() {
    activity.run();
    Descriptors.warning(Descriptors.most(), MOST_CONNECTIONS).ifPresent(log::warn);
    try {
      Descriptors.reserve();
    } catch (IOException e) {
      log.warn("cannot open the first descriptors: " + IoReason.withFile(e));
    }
    while (true) {
      SocketChannel connection;
      try {
        connection = listener.accept();
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        cannotAccept(e);
        continue;
      }
      connections.acquireUninterruptibly();
      dispatch(connection);
    }
  }

  private void cannotAccept(IOException why) {
    long now = System.nanoTime();
    if (complained.isEmpty() || now - complained.getAsLong() > COMPLAINT_REST.toNanos()) {
      complained = OptionalLong.of(now);
      log.warn("cannot take a connection, and tries again: " + IoReason.withFile(why));
    }
    try {
      Thread.sleep(ACCEPT_PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch(SocketChannel connection) {
    try {
      workers.execute(() -> serveWithin(connection));
    } catch (RejectedExecutionException _) {
      // The service is being stopped. The connection gets only the answer that says so.
      serveWithin(connection);
    }
  }

  private void serveWithin(SocketChannel connection) {
    boolean wasQuestion = false;
    try {
      wasQuestion = serve(connection);
    } finally {
      connections.release();
      if (!wasQuestion) {
        activity.run();
      }
    }
  }

  /// @return whether it was a question
  private boolean serve(SocketChannel connection) {
    try (CallMemory.Turn room = memory.turn();
        FrameChannel shim = new FrameChannel(connection, room)) {
      ConnectionTimeout timeout = limit -> closeAfter(limit, connection);
      FrameChannel.Received request = request(shim, timeout);
      Frame answer = answer(request, room, shim, timeout);
      try (ConnectionTimeout.Pending _ = timeout.after(limits.grace())) {
        shim.send(answer);
      }
      return isQuestion(request.frame());
    } catch (EOFException _) {
      // A shim that was killed, or somebody who only tried whether the agent is there.
    } catch (IOException e) {
      log.warn("a connection was given up: " + IoReason.withFile(e));
    } catch (RuntimeException e) {
      log.warn("a call failed because of a defect: " + e);
    }
    return false;
  }

  private static boolean isQuestion(Frame frame) {
    return frame.knownKind().equals(Optional.of(FrameKind.QUERY));
  }

  /// The first frame of a known kind.
  private FrameChannel.Received request(FrameChannel shim, ConnectionTimeout timeout)
      throws IOException {
    try (ConnectionTimeout.Pending _ = timeout.after(limits.request().plus(limits.share()))) {
      FrameChannel.Received request = shim.receive();
      while (request.frame().knownKind().isEmpty()) {
        if (!request.frame().isOptional()) {
          shim.send(Frame.of(FrameKind.UNSUPPORTED).withU8(Tag.KIND, request.frame().kind()));
        }
        request = shim.receive();
      }
      return request;
    }
  }

  private ConnectionTimeout.Pending closeAfter(Duration limit, SocketChannel connection) {
    try {
      Future<?> tooLate =
          reaper.schedule(() -> close(connection), limit.toMillis(), TimeUnit.MILLISECONDS);
      return () -> tooLate.cancel(false);
    } catch (RejectedExecutionException _) {
      // The service was stopped meanwhile. The process, and with it the connection, ends before any
      // limit.
      return () -> {};
    }
  }

  private void close(SocketChannel connection) {
    try {
      connection.close();
    } catch (IOException e) {
      log.warn("a connection could not be closed: " + IoReason.withFile(e));
    }
  }

  private Frame answer(
      FrameChannel.Received request,
      CallMemory.Turn room,
      FrameChannel shim,
      ConnectionTimeout timeout)
      throws IOException {
    Frame frame = request.frame();
    if (isQuestion(frame)) {
      return queries.apply(frame.text(Tag.SUBJECT).orElse(""));
    }
    if (draining) {
      return CallServer.refusal(
              CniErrorCode.TRY_AGAIN_LATER, "the agent of this node is being stopped")
          .toFrame();
    }
    Answer answer =
        switch (room.grant(request)) {
          case CallMemory.Grant.Refused refused -> refusal(frame, refused);
          case CallMemory.Grant.Given() -> {
            room.served();
            yield gate.serve(
                Call.of(request),
                new RemoteExec(shim, ipamLimits, timeout, limits.grace(), ownExec));
          }
        };
    return answer.toFrame();
  }

  /// If a deletion gets no answer, its shim queues it. So the pod can go although we lack memory,
  /// and the deletion is carried out when there is memory again.
  private Answer refusal(Frame frame, CallMemory.Grant.Refused refused) throws IOException {
    String verb = CallMemory.verb(frame);
    if (refused.forLackOfBytes() && verb.equals("DEL")) {
      throw new IOException("the agent " + refused.why() + "; this deletion is left to be queued");
    }
    String why =
        "the agent of this node " + refused.why() + "; `podbond status` answers all the same";
    log.warn(verb + ": " + why);
    return CallServer.refusal(CniErrorCode.TRY_AGAIN_LATER, why);
  }

  /// Refuses new calls with code 11, lets calls under way end, and closes the socket.
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
