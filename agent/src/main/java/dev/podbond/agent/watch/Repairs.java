package dev.podbond.agent.watch;

import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.agent.serve.RareWarning;
import dev.podbond.agent.watch.WorkQueue.Progress;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.bonding.linkstate.VfLinkStates;
import dev.podbond.bonding.state.BondProblem;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.cni.spec.CniException;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.node.observe.MemberHardware;
import dev.podbond.node.observe.PfPortReader;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.plugins.demotion.Demoting;
import dev.podbond.plugins.linkstate.VfLinkSwitch;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.recovery.Recovery;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongBiFunction;

/// Does the work that no runtime asks for: it carries out deletions that waited for the agent,
/// removes attachments that are half made or whose pod is gone, and puts returned members back into
/// their bonds. Each piece of work runs in its container's turn.
public final class Repairs {
  /// Enough for the longest record, or for about thirty usual ones.
  private static final int MEMORY_BYTES = 128 * 1024;

  private final ContainerOrder order;
  private final PendingDeletions pending;
  private final Function<Call, Answer> calls;
  private final ToLongBiFunction<String, String> stored;
  private final Recovery recovery;
  private final Demoting demoting;
  private final VfLinkSwitch links;
  private final MemberHardware hardware;
  private final PfPortReader ports;
  private final NodeCounters counters;
  private final AgentLog log;
  private final RareWarning unlisted;

  /// The bytes that all work which waits for IPAM plugins may have read together. Each byte costs
  /// up to 28 bytes of heap.
  private final Semaphore memory = new Semaphore(MEMORY_BYTES);

  /// Does the repairs of one node.
  ///
  /// @param calls serves a deletion that waited
  /// @param stored the bytes on disk about the attachment of a container and an interface
  /// @param counters count what it does
  public Repairs(
      NodeEnvironment node,
      ContainerOrder order,
      PendingDeletions pending,
      Function<Call, Answer> calls,
      ToLongBiFunction<String, String> stored,
      NodeCounters counters,
      AgentLog log) {
    this.counters = counters;
    this.order = order;
    this.pending = pending;
    this.calls = calls;
    this.stored = stored;
    this.recovery = new Recovery(node);
    this.demoting = new Demoting(node);
    this.links = new VfLinkSwitch(node);
    this.hardware = new MemberHardware(new PciDevices(node.sysfs()));
    this.ports = new PfPortReader(new PciDevices(node.sysfs()));
    this.log = log;
    this.unlisted = new RareWarning(log);
  }

  /// Hands over the records to watch, one by one. If the state cannot be read, it logs that.
  ///
  /// @return whether all were handed over
  boolean forEachRecord(Consumer<WatchedRecord> each) {
    try {
      recovery.forEachRecord(record -> each.accept(WatchedRecord.of(record, hardware::of)));
      return true;
    } catch (CniException e) {
      log.warn(e.getMessage());
      return false;
    }
  }

  /// The record of one attachment, if it exists and can be read.
  Optional<WatchedRecord> recorded(AttachmentKey key) {
    try {
      return recovery.recorded(key).map(record -> WatchedRecord.of(record, hardware::of));
    } catch (CniException e) {
      log.warn(e.getMessage());
      return Optional.empty();
    }
  }

  /// Whether a PF of this node has a carrier; empty if that cannot be told.
  Optional<Boolean> carrier(PciAddress pf) {
    return hardware.carrier(pf);
  }

  /// The interfaces of these PFs on the host.
  public Map<PciAddress, PfPort> ports(Collection<PciAddress> pfs) {
    return ports.read(pfs);
  }

  /// The members of a bond that are kept from carrying its traffic.
  List<BondProblem.HeldBack> heldBack(WatchedRecord record) {
    return demoting.heldBack(record.key(), record.members());
  }

  /// Has members of a bond leave a bad path or come back, in its container's turn.
  public Demoting.Outcome judge(AttachmentKey key, Demoting.Orders orders) {
    Optional<ContainerOrder.Held> turn = order.tryEnter(key.containerId());
    if (turn.isEmpty()) {
      return new Demoting.Outcome.Busy();
    }
    try (ContainerOrder.Held _ = turn.get()) {
      return demoting.judge(key, orders);
    } catch (CniException e) {
      return new Demoting.Outcome.Unfinished(List.of(e.getMessage()));
    }
  }

  /// Has VFs of a PF lose their link or get it back.
  public VfLinkSwitch.Outcome judge(PciAddress pf, VfLinkStates.Orders orders) {
    try {
      return links.judge(pf, orders);
    } catch (CniException e) {
      return VfLinkSwitch.Outcome.failed(e.getMessage());
    }
  }

  /// As [#forEachDemoted], for the PFs of whose VFs' link states anything is written down.
  public boolean forEachDisabling(Consumer<PciAddress> each) {
    return listed(() -> links.forEachPf(each));
  }

  private interface Listing {
    void run() throws CniException;
  }

  private boolean listed(Listing listing) {
    try {
      listing.run();
      return true;
    } catch (CniException e) {
      unlisted.warn(e.getMessage());
      return false;
    }
  }

  /// Hands over the bonds of which anything is written down. If that cannot be read, it logs that
  /// now and then.
  ///
  /// @return whether all were handed over
  public boolean forEachDemoted(Consumer<AttachmentKey> each) {
    return listed(() -> demoting.forEachDemoted(each));
  }

  /// Removes claims and temporary files that killed processes left.
  void tidy() {
    try {
      recovery.tidy();
    } catch (CniException e) {
      log.warn(e.getMessage());
    }
  }

  /// Names the files of deletions that wait, until `each` wants no more. If they cannot be listed,
  /// it logs that and names none.
  ///
  /// @param each receives a file, and returns whether it wants more
  void forEachPending(Predicate<Path> each) {
    try {
      pending.forEachFile(each);
    } catch (IOException e) {
      log.warn("the pending deletions cannot be read: " + IoReason.withFile(e));
    }
  }

  /// Carries out the deletion that waits in a file. It may wait for an IPAM plugin.
  Progress carryOut(Path file) {
    try {
      Optional<PendingDeletions.Pending> one = pending.read(file, log::warn);
      if (one.isEmpty()) {
        return Progress.DONE;
      }
      Optional<ContainerOrder.Held> turn = order.tryEnter(one.get().call().containerId());
      if (turn.isEmpty()) {
        return Progress.AGAIN;
      }
      try (ContainerOrder.Held _ = turn.get()) {
        // The thread that had the turn before may have carried it out.
        if (!Files.exists(file)) {
          return Progress.DONE;
        }
        Call call = one.get().call();
        return withMemory(
            call.containerId(),
            call.ifname(),
            () ->
                pending.carryOut(one.get(), calls).exitCode() == 0
                    ? Progress.DONE
                    : Progress.AGAIN);
      }
    } catch (IOException e) {
      log.warn(
          "the request for deletion " + file + " cannot be carried out: " + IoReason.withFile(e));
      return Progress.AGAIN;
    }
  }

  /// How far the repair of an attachment has come.
  sealed interface Look {
    /// The repair has ended.
    record Ended(Progress progress) implements Look {}

    /// The attachment is being removed, and [#finish] still has to release its addresses.
    record AddressesLeft(String reason) implements Look {}
  }

  /// Repairs or removes one attachment, as far as that needs only the kernel and the disk.
  Look repair(AttachmentKey key) {
    Optional<ContainerOrder.Held> turn = order.tryEnter(key.containerId());
    if (turn.isEmpty()) {
      return new Look.Ended(Progress.AGAIN);
    }
    try (ContainerOrder.Held _ = turn.get()) {
      return switch (recovery.recover(key)) {
        case Recovery.Outcome.Begun(String reason) -> new Look.AddressesLeft(reason);
        case Recovery.Outcome outcome -> new Look.Ended(told(key, outcome));
      };
    } catch (CniException e) {
      return new Look.Ended(failed(key, e));
    }
  }

  /// Finishes a removal that has begun. It may wait for an IPAM plugin.
  Progress finish(AttachmentKey key, String reason) {
    Optional<ContainerOrder.Held> turn = order.tryEnter(key.containerId());
    if (turn.isEmpty()) {
      return Progress.AGAIN;
    }
    try (ContainerOrder.Held _ = turn.get()) {
      return withMemory(
          key.containerId(), key.ifname(), () -> told(key, recovery.finish(key, reason)));
    } catch (CniException e) {
      return failed(key, e);
    }
  }

  /// A piece of work that may fail.
  ///
  /// @param <E> its failure
  private interface Attempt<E extends Exception> {
    Progress run() throws E;
  }

  /// Does work on an attachment if there is memory for all files about it. Otherwise the work is
  /// tried again later: threads that waited here would be missing for other work.
  private <E extends Exception> Progress withMemory(
      String containerId, String ifname, Attempt<E> work) throws E {
    int share = (int) Math.min(MEMORY_BYTES, stored.applyAsLong(containerId, ifname));
    if (!memory.tryAcquire(share)) {
      return Progress.AGAIN;
    }
    try {
      return work.run();
    } finally {
      memory.release(share);
    }
  }

  private Progress failed(AttachmentKey key, CniException e) {
    log.warn(key + " cannot be looked after: " + e.getMessage());
    return Progress.AGAIN;
  }

  private Progress told(AttachmentKey key, Recovery.Outcome outcome) {
    return switch (outcome) {
      case Recovery.Outcome.InOrder() -> Progress.DONE;
      case Recovery.Outcome.Busy() -> Progress.AGAIN;
      case Recovery.Outcome.Begun(String _) -> Progress.AGAIN;
      case Recovery.Outcome.Removed(String reason) -> {
        counters.removed();
        log.info("removed " + key + ": " + reason);
        yield Progress.DONE;
      }
      case Recovery.Outcome.Repaired(List<String> changes) -> {
        counters.repaired();
        log.info("repaired " + key + ": " + String.join(", ", changes));
        yield Progress.CHANGED;
      }
      case Recovery.Outcome.Unfinished(List<String> left) -> {
        log.warn(key + " needs to be looked after again: " + String.join("; ", left));
        yield Progress.AGAIN;
      }
    };
  }
}
