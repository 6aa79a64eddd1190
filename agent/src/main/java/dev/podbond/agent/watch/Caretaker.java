package dev.podbond.agent.watch;

import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.cni.spec.CniException;
import dev.podbond.plugins.PluginNode;
import dev.podbond.plugins.Recovery;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/// Does what nobody asks for: deletions that waited for the agent, half-done attachments, those
/// whose pod is gone, and bonds that a member came back to. Each in its container's turn.
public final class Caretaker {
  private final ContainerOrder order;
  private final PendingDeletions pending;
  private final Function<Call, Answer> calls;
  private final Recovery recovery;
  private final AgentLog log;

  /// A caretaker of one node.
  ///
  /// @param calls serves a call that waited
  public Caretaker(
      PluginNode node,
      ContainerOrder order,
      PendingDeletions pending,
      Function<Call, Answer> calls,
      AgentLog log) {
    this.order = order;
    this.pending = pending;
    this.calls = calls;
    this.recovery = new Recovery(node);
    this.log = log;
  }

  /// Hands over what there is to be watched, record by record; none if the state cannot be read,
  /// which is in the log then.
  void forEachRecord(Consumer<WatchedRecord> each) {
    try {
      recovery.forEachRecord(record -> each.accept(WatchedRecord.of(record)));
    } catch (CniException e) {
      log.warn(e.getMessage());
    }
  }

  /// One attachment, if it is on record and can be read.
  Optional<WatchedRecord> recorded(AttachmentKey key) {
    try {
      return recovery.recorded(key).map(WatchedRecord::of);
    } catch (CniException e) {
      log.warn(e.getMessage());
      return Optional.empty();
    }
  }

  /// Removes what belongs to nobody.
  void tidy() {
    try {
      recovery.tidy();
    } catch (CniException e) {
      log.warn(e.getMessage());
    }
  }

  /// Carries out all deletions that wait.
  ///
  /// @return whether none is left
  boolean carryOutPending() {
    AtomicBoolean done = new AtomicBoolean(true);
    try {
      pending.forEach(
          one -> {
            try (ContainerOrder.Held _ = order.enter(one.call().containerId())) {
              if (pending.carryOut(one, calls).exitCode() != 0) {
                done.set(false);
              }
            }
          },
          log::warn);
      return done.get();
    } catch (IOException e) {
      log.warn("the pending deletions cannot be read: " + e);
      return false;
    }
  }

  /// Looks after one attachment.
  ///
  /// @return whether nothing is left to be done
  boolean lookAfter(AttachmentKey key) {
    try (ContainerOrder.Held _ = order.enter(key.containerId())) {
      Recovery.Outcome outcome = recovery.recover(key);
      if (outcome instanceof Recovery.Outcome.Begun(String why)) {
        outcome = recovery.finish(key, why);
      }
      return switch (outcome) {
        case Recovery.Outcome.InOrder() -> true;
        case Recovery.Outcome.Busy() -> false;
        case Recovery.Outcome.Begun(String _) -> false;
        case Recovery.Outcome.Removed(String reason) -> {
          log.info("removed " + key + ": " + reason);
          yield true;
        }
        case Recovery.Outcome.Repaired(List<String> changes) -> {
          log.info("repaired " + key + ": " + String.join(", ", changes));
          yield true;
        }
        case Recovery.Outcome.Unfinished(List<String> left) -> {
          log.warn(key + " needs to be looked after again: " + String.join("; ", left));
          yield false;
        }
      };
    } catch (CniException e) {
      log.warn(key + " cannot be looked after: " + e.getMessage());
      return false;
    }
  }
}
