package dev.podbond.agent;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.HostSight;
import dev.podbond.agent.wire.Tag;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.warmup.WarmUpPod;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Sends whole calls to a second agent, which has its own socket, state directory and pod. So the
/// JVM loads classes, links system calls and compiles hot code before the first pod has to wait for
/// that. The start-up cache is recorded from such a run.
final class WarmUp {
  private static final int KEPT_BYTES = 1024 * 1024;

  /// The bonds of the first rounds stay until the watch has looked at them, as it looks at each
  /// bond that a pod keeps.
  private static final int WATCHED_ROUNDS = 3;

  private static final Duration UNTIL_WATCHED = Duration.ofMillis(400);

  private final Path socket;

  /// Where everybody asks.
  private final Path questions;

  private final WarmUpPod pod;

  private WarmUp(WarmUpPod pod) {
    this.socket = pod.directory().resolve("agent/agent.sock");
    this.questions = pod.directory().resolve("questions/agent.sock");
    this.pod = pod;
  }

  /// Makes and removes a bond several times. It stops early if a bond cannot be made here.
  ///
  /// @param directory for its use only; it is removed afterwards
  /// @param limit no round begins after this time
  /// @param enough no round begins once this is true
  /// @return the reason why a bond could not be made or removed; empty on success
  static Optional<String> run(Path directory, int rounds, Duration limit, BooleanSupplier enough)
      throws IOException, StateException {
    try (WarmUpPod pod = WarmUpPod.open(directory)) {
      WarmUp warmUp = new WarmUp(pod);
      AgentLog log = new AgentLog(pod.node().log());
      Listening listening =
          new Listening(warmUp.socket, Optional.of(warmUp.questions), Optional.empty());
      try (Agent agent = Agent.start(pod.node(), listening, log)) {
        Thread.ofPlatform().name("practice").start(agent::run);
        return warmUp.calls(rounds, limit, enough);
      }
    }
  }

  private Optional<String> calls(int rounds, Duration limit, BooleanSupplier enough)
      throws IOException {
    long start = System.nanoTime();
    Answer _ = call("sriov", "ADD", WarmUpPod.VF, HostSight.NONE);
    for (int i = 0;
        i < rounds && !enough.getAsBoolean() && System.nanoTime() - start < limit.toNanos();
        i++) {
      // Both ways to IPAM: built in, and executed. A shim looks for the addresses' directory at
      // each call: the first ADD makes it.
      boolean builtIn = i % 2 == 0;
      Answer add = call("bond", "ADD", pod.bond(), builtIn ? sight() : HostSight.NONE);
      if (i < WATCHED_ROUNDS) {
        LockSupport.parkNanos(UNTIL_WATCHED.toNanos());
        ask("metrics");
      }
      if (i == 0 && add.exitCode() == 0) {
        failOver();
      }
      Answer del = call("bond", "DEL", pod.bond(), builtIn ? sight() : HostSight.NONE);
      if (add.exitCode() != 0 || del.exitCode() != 0) {
        return Optional.of(
            (add.exitCode() != 0 ? add : del).stdout().strip().replaceAll("\\s+", " "));
      }
    }
    return Optional.empty();
  }

  /// A change of a bond must not be the first of its kind when people wait to see it.
  private void failOver() throws IOException {
    pod.cut();
    LockSupport.parkNanos(UNTIL_WATCHED.toNanos());
    ask("bonds");
    pod.mend();
  }

  /// As Prometheus and those who report to a cluster do from then on.
  private void ask(String subject) throws IOException {
    try (FrameChannel channel =
        new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(questions)), KEPT_BYTES)) {
      channel.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, subject));
      Answer _ = Answer.of(channel.receive().frame());
    }
  }

  /// What a shim says whose host sees the practice's directory as we do.
  private HostSight sight() throws IOException {
    Path above = pod.directory();
    Path seen = Files.exists(pod.addresses()) ? pod.addresses() : above;
    Map<String, Object> numbers = Files.readAttributes(seen, "unix:dev,ino");
    return new HostSight(
        Set.of("host-local"),
        numbers.get("dev") instanceof Long device && numbers.get("ino") instanceof Long inode
            ? Optional.of(new HostSight.SeenDirectory(seen.toString(), device, inode))
            : Optional.empty());
  }

  /// Makes a call as a shim does, and also plays the IPAM plugin.
  private Answer call(String plugin, String verb, String config, HostSight sight)
      throws IOException {
    Map<String, String> env = pod.env(verb);
    try (FrameChannel channel =
        new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), KEPT_BYTES)) {
      channel.send(new Call(plugin, env, config, sight).toFrame());
      Frame frame = channel.receive().frame();
      while (frame.knownKind().equals(Optional.of(FrameKind.RUN))) {
        channel.send(
            Frame.of(FrameKind.RAN)
                .withU8(Tag.OUTCOME, 0)
                .withU32(Tag.STATUS, 0)
                .with(Tag.STDOUT, WarmUpPod.assigned(env))
                .with(Tag.STDERR, "")
                .with(Tag.PATH, "/nowhere/host-local"));
        frame = channel.receive().frame();
      }
      return Answer.of(frame);
    }
  }
}
