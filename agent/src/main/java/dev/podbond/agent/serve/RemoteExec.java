package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.MalformedFrameException;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginExit;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.cni.exec.PluginPath;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Makes the shim run IPAM plugins: the shim is on the host, where the runtime would have run them.
///
/// When the shim is gone, the agent itself runs plugins that release addresses. Allocation then
/// fails, because nobody is left to receive the result.
final class RemoteExec implements PluginExec {
  private static final int ENDED = 0;
  private static final int NOT_FOUND = 1;
  private static final int NOT_STARTABLE = 2;
  private static final int KILLED_BY_LIMIT = 3;
  private static final int WROTE_TOO_MUCH = 4;

  private final FrameChannel shim;
  private final PluginLimits limits;
  private final ConnectionTimeout timeout;
  private final Duration grace;
  private final PluginExec ownExec;
  private boolean shimIsGone;

  /// @param limits the time limits of runs; the shim enforces them
  /// @param grace how much longer to wait for a shim that does not enforce its limit
  RemoteExec(
      FrameChannel shim,
      PluginLimits limits,
      ConnectionTimeout timeout,
      Duration grace,
      PluginExec ownExec) {
    this.shim = shim;
    this.limits = limits;
    this.timeout = timeout;
    this.grace = grace;
    this.ownExec = ownExec;
  }

  @Override
  public String run(String type, Map<String, String> env, String stdin) throws CniException {
    Duration limit = limits.of(env);
    if (!shimIsGone) {
      try (ConnectionTimeout.Pending _ = timeout.after(limit.plus(grace))) {
        return exit(type, env, ask(type, env, stdin, limit), limit).output();
      } catch (IOException e) {
        shimIsGone = true;
        if (isAllocation(env)) {
          throw new CniException(
              CniErrorCode.TRY_AGAIN_LATER,
              e instanceof AsynchronousCloseException
                  ? "the shim did not say within "
                      + limit.plus(grace).toMillis()
                      + " ms what became of plugin "
                      + type
                  : "the shim ended while its call was served: " + e.getMessage(),
              e);
        }
      }
    }
    return ownExec.run(type, env, stdin);
  }

  private static boolean isAllocation(Map<String, String> env) {
    return env.getOrDefault("CNI_COMMAND", "").equals("ADD");
  }

  private FrameChannel.Received ask(
      String type, Map<String, String> env, String stdin, Duration limit) throws IOException {
    Frame run =
        Frame.of(FrameKind.RUN)
            .with(Tag.TYPE, type)
            .withU32(Tag.LIMIT, Math.toIntExact(limit.toMillis()));
    for (Map.Entry<String, String> variable : env.entrySet()) {
      run = run.with(Tag.ENV, variable.getKey() + "=" + variable.getValue());
    }
    shim.send(run.with(Tag.STDIN, stdin));
    FrameChannel.Received received = shim.receive();
    while (received.frame().knownKind().isEmpty() && received.frame().isOptional()) {
      received = shim.receive();
    }
    if (!received.frame().knownKind().equals(Optional.of(FrameKind.RAN))) {
      throw new MalformedFrameException("a RAN was expected, found " + received.frame());
    }
    return received;
  }

  private PluginExit exit(
      String type, Map<String, String> env, FrameChannel.Received received, Duration limit)
      throws IOException, CniException {
    Frame ran = received.frame();
    String path = ran.text(Tag.PATH).filter(text -> !text.isEmpty()).orElse(type);
    if (received.tooLong() || isTooLong(ran.bytes(Tag.STDOUT))) {
      return new PluginExit.WroteTooMuch(path);
    }
    int status = ran.number(Tag.STATUS, Integer.BYTES);
    return switch (ran.number(Tag.OUTCOME, 1)) {
      case ENDED ->
          new PluginExit.Ended(
              path, status, ran.text(Tag.STDOUT).orElse(""), ran.text(Tag.STDERR).orElse(""));
      case NOT_FOUND -> throw PluginPath.of(env).notFound(type);
      case NOT_STARTABLE -> new PluginExit.NotRun(path, "errno " + status);
      case KILLED_BY_LIMIT -> new PluginExit.Killed(path, limit);
      case WROTE_TOO_MUCH -> new PluginExit.WroteTooMuch(path);
      default -> throw new MalformedFrameException("its outcome is unknown");
    };
  }

  private static boolean isTooLong(Optional<byte[]> stdout) {
    return stdout.filter(out -> out.length > CniResult.LIMITS.bytes()).isPresent();
  }
}
