package dev.podbond.acceptance;

import dev.podbond.acceptance.fault.Died;
import dev.podbond.acceptance.fault.Injector;
import dev.podbond.agent.Agent;
import dev.podbond.agent.Listening;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.wire.PendingName;
import dev.podbond.cni.spec.CniException;
import dev.podbond.plugins.recovery.Recovery;
import dev.podbond.value.AttachmentKey;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One attachment on a node: the node's state before and with it, and every verb with or without
/// faults.
///
/// @param before the node without the attachment
/// @param asked the node with it
/// @param damage a change by somebody else, which the agent repairs
record FaultScenario(
    String name,
    Node node,
    Pod pod,
    PluginCall call,
    Snapshot before,
    Snapshot asked,
    Damage damage) {
  /// A change by somebody else.
  @FunctionalInterface
  interface Damage {
    void happen() throws Exception;
  }

  /// Attaches once and takes it back, to see both states.
  static FaultScenario of(String name, Node node, Pod pod, PluginCall call, Damage damage)
      throws Exception {
    Snapshot before = node.snapshot(pod);
    node.forgetLastAddresses();
    call.add().ok();
    Snapshot asked = node.snapshot(pod);
    call.del().ok();
    return new FaultScenario(name, node, pod, call, before, asked, damage);
  }

  /// Runs a verb, which ends by itself or dies.
  Optional<Outcome> run(String verb, Injector injector) {
    PluginCall faulty = call.on(node.with(injector));
    return survived(
        injector,
        () ->
            switch (verb) {
              case "ADD" -> faulty.add();
              case "DEL" -> faulty.del();
              default -> faulty.with("'prevResult': " + previousResult()).run(verb);
            });
  }

  /// CHECK requires the result of ADD, but compares with the record.
  private String previousResult() {
    return "{'cniVersion': '1.0.0', 'interfaces': [], 'ips': []}";
  }

  /// What runs in a call that may die.
  interface Work<T> {
    T run() throws Exception;
  }

  /// The delegates of a dead call end by themselves, like those of a killed process.
  private static <T> Optional<T> survived(Injector injector, Work<T> work) {
    try {
      T result = work.run();
      return injector.isDead() ? Optional.empty() : Optional.of(result);
    } catch (Died _) {
      return Optional.empty();
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      injector.awaitQuiet();
    }
  }

  /// The agent looks after the attachment.
  Optional<Recovery.Outcome> recover(Injector injector) {
    return survived(injector, () -> recovery(injector).recover(key()));
  }

  Recovery.Outcome recover() throws CniException {
    Recovery recovery = recovery(Injector.counting());
    recovery.tidy();
    return recovery.recover(key());
  }

  private Recovery recovery(Injector injector) {
    return new Recovery(
        node.with(injector).forPlugins(new PrintStream(OutputStream.nullOutputStream(), true)));
  }

  AttachmentKey key() {
    return new AttachmentKey(call.containerId(), call.ifname());
  }

  /// Starts the agent and lets it run until the node is as before; after a failure that takes until
  /// the agent tries again.
  Optional<Boolean> startAgent(Injector injector) {
    return survived(
        injector,
        () -> {
          PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
          Path socket = node.stateDirectory().resolveSibling("run").resolve("agent.sock");
          try (Agent _ =
              Agent.start(
                  node.with(injector).forPlugins(nowhere),
                  Listening.of(socket),
                  new AgentLog(nowhere))) {
            long deadline = System.nanoTime() + Eventually.LONG.toNanos();
            while (!injector.isDead() && !isAsBefore()) {
              if (System.nanoTime() > deadline) {
                return false;
              }
              Thread.sleep(20);
            }
            // What has just made it so may still have to reach its other side.
            injector.awaitQuiet();
            return true;
          }
        });
  }

  /// Looks at links only when nothing is on record any more: iproute2's view costs more than what
  /// the agent does meanwhile.
  private boolean isAsBefore() throws Exception {
    return node.state().isEmpty() && now().differences(before).isEmpty();
  }

  /// Leaves a deletion, as a shim does that finds no agent.
  void leaveDeletion() throws Exception {
    Path directory = node.stateDirectory().resolve(PendingName.DIRECTORY);
    Files.createDirectories(directory);
    Files.write(
        directory.resolve(call.containerId() + ":" + call.ifname() + ":" + call.plugin()),
        call.request("DEL").toFrame().toBytes());
  }

  Snapshot now() throws Exception {
    return node.snapshot(pod);
  }
}
