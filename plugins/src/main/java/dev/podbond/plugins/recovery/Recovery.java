package dev.podbond.plugins.recovery;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.DurableFile;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockTimeoutException;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.attachment.AttachmentSpec;
import dev.podbond.plugins.attachment.SpecReader;
import dev.podbond.plugins.demotion.Demoting;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.removal.Removal;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Handles attachments about which no runtime asks: those that a killed ADD left, those whose pod
/// is gone, and those whose member came back to the node. It uses the code and the locks of ADD and
/// DEL.
public final class Recovery {
  private static final Duration NO_WAIT = Duration.ZERO;

  /// A writer never takes this long for a record.
  private static final Duration ABANDONED_AFTER = Duration.ofMinutes(1);

  private final NodeEnvironment node;

  /// Of one node.
  public Recovery(NodeEnvironment node) {
    this.node = node;
  }

  /// What became of one attachment.
  public sealed interface Outcome {
    /// It is as it should be.
    record InOrder() implements Outcome {}

    /// Somebody else is at work on it.
    record Busy() implements Outcome {}

    /// It was removed and everything given back.
    record Removed(String reason) implements Outcome {}

    /// Its removal has begun. Its links are removed as far as that was possible at once. Its
    /// addresses are left, since an IPAM plugin may take long: [Recovery#finish] goes on.
    record Begun(String reason) implements Outcome {}

    /// It was brought back into order.
    record Repaired(List<String> changes) implements Outcome {
      public Repaired {
        changes = List.copyOf(changes);
      }
    }

    /// Something is left to be done, and the record stays.
    record Unfinished(List<String> left) implements Outcome {
      public Unfinished {
        left = List.copyOf(left);
      }
    }
  }

  /// Hands over all recorded attachments, one after the other. It skips unreadable records with a
  /// warning.
  ///
  /// @throws CniException if this node's state cannot be read
  public void forEachRecord(Consumer<Attachment> each) throws CniException {
    try {
      new AttachmentStore(node.stateDirectory(), node.files()).forEach(each::accept, node::warn);
    } catch (StateException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, e.getMessage(), e);
    }
  }

  /// One attachment on record.
  public Optional<Attachment> recorded(AttachmentKey key) throws CniException {
    try (NodeSession session = NodeSession.open(node, "")) {
      return session.record(key);
    } catch (StateException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, e.getMessage(), e);
    }
  }

  /// Removes from the state what belongs to no attachment: claims of an ADD that was killed before
  /// it wrote a record, what is written down of demoted members, and temporary files of writers
  /// that were killed.
  ///
  /// @throws CniException if this node's state cannot be read
  public void tidy() throws CniException {
    try (NodeSession session = NodeSession.open(node, "")) {
      for (AttachmentKey key : session.unrecordedClaimants()) {
        try (HeldLock _ = session.lock(key, NO_WAIT)) {
          if (session.record(key).isEmpty()) {
            session.releaseClaims(key);
          }
        } catch (LockTimeoutException _) {
          // Another ADD is now between its claim and its record.
        }
      }
      DurableFile.deleteAbandoned(node.stateDirectory(), ABANDONED_AFTER);
    } catch (StateException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, e.getMessage(), e);
    } catch (IOException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, "cannot tidy up: " + IoReason.withFile(e), e);
    }
    // The last one: if it fails, nothing else is left undone.
    new Demoting(node).forgetOrphans();
  }

  /// Looks after one attachment, unless another process or thread is at work on it now. Runs no
  /// IPAM plugin.
  ///
  /// @throws CniException if this node's state or links cannot be read
  public Outcome recover(AttachmentKey key) throws CniException {
    try (NodeSession session = NodeSession.open(node, "")) {
      try (HeldLock _ = session.lock(key, NO_WAIT)) {
        Optional<Attachment> record = session.record(key);
        return record.isEmpty() ? new Outcome.InOrder() : recover(session, record.get());
      } catch (LockTimeoutException _) {
        return new Outcome.Busy();
      } catch (StateException e) {
        throw session.failure(e);
      }
    }
  }

  /// Continues a removal that has begun, unless another process or thread is at work on it now, and
  /// waits for IPAM.
  ///
  /// @param reason why it is removed
  /// @throws CniException if this node's state or links cannot be read
  public Outcome finish(AttachmentKey key, String reason) throws CniException {
    try (NodeSession session = NodeSession.open(node, "")) {
      try (HeldLock _ = session.lock(key, NO_WAIT)) {
        Optional<Attachment> record = session.record(key);
        if (record.isEmpty()) {
          return new Outcome.Removed(reason);
        }
        if (record.get().phase() == Phase.COMPLETE && isThere(session, record.get())) {
          // Attached anew meanwhile.
          return new Outcome.InOrder();
        }
        List<String> left = new Removal(session).run(record.get(), environment());
        return left.isEmpty() ? new Outcome.Removed(reason) : new Outcome.Unfinished(left);
      } catch (LockTimeoutException _) {
        return new Outcome.Busy();
      } catch (StateException e) {
        throw session.failure(e);
      }
    }
  }

  private static boolean isThere(NodeSession session, Attachment record) throws CniException {
    Optional<PodNet> pod = PodNet.openIfThere(session.node(), record);
    pod.ifPresent(PodNet::close);
    return pod.isPresent() || !isGone(record);
  }

  private Outcome recover(NodeSession session, Attachment record)
      throws CniException, StateException {
    if (record.phase() != Phase.COMPLETE) {
      return remove(session, record, "its ADD or DEL was interrupted");
    }
    Optional<PodNet> pod = PodNet.openIfThere(session.node(), record);
    if (pod.isEmpty()) {
      return isGone(record)
          ? remove(session, record, "its network namespace " + record.netns() + " is gone")
          : new Outcome.Unfinished(
              List.of(
                  "the network namespace "
                      + record.netns()
                      + " cannot be seen from here, nor can its directory: is it mounted?"));
    }
    try (PodNet access = pod.get();
        NodeSession.Devices devices = session.lock(record, NO_WAIT)) {
      Attachment own = Removal.ownPart(record, devices);
      Optional<Demotion> demoted = session.demotion(record.key());
      // Whom the agent took out of its bond nobody puts back meanwhile.
      return repair(demoted.map(held -> held.withoutOutside(own)).orElse(own), access);
    }
  }

  /// A namespace that is missing or replaced counts as gone if its directory can be read, or if the
  /// node has rebooted since.
  private static boolean isGone(Attachment record) {
    Path directory = Path.of(record.netns()).getParent();
    return (directory != null && Files.isDirectory(directory))
        || !record.origin().bootId().equals(NetnsIds.bootId());
  }

  private Outcome remove(NodeSession session, Attachment record, String reason)
      throws CniException, StateException {
    return new Removal(session).runLinks(record)
        ? new Outcome.Removed(reason)
        : new Outcome.Begun(reason);
  }

  /// The variables that do not depend on one call.
  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    Optional.ofNullable(System.getenv("PATH")).ifPresent(path -> environment.put("PATH", path));
    return environment;
  }

  private Outcome repair(Attachment record, PodNet pod) throws CniException {
    Optional<SpecReader> reader = SpecReader.of(record.plugin());
    if (reader.isEmpty()) {
      return new Outcome.InOrder();
    }
    AttachmentSpec spec =
        reader.get().read(record, new CniArgs(record.origin().cniArgs()), node.settings());
    NodeFacts facts = pod.observe(record);
    Plan plan = spec.repair(record, facts);
    if (plan.isEmpty()) {
      return new Outcome.InOrder();
    }
    List<Finding> inUse = Preflight.findings(plan, pod.withHostUses(facts));
    if (!inUse.isEmpty()) {
      return new Outcome.Unfinished(inUse.stream().map(Finding::toString).toList());
    }
    Execution execution = new Execution(pod.kernel(facts));
    try {
      execution.run(plan);
      return new Outcome.Repaired(
          plan.steps().stream().map(step -> step.change().toString()).toList());
    } catch (ChangeFailedException e) {
      execution.undo();
      return new Outcome.Unfinished(List.of(String.valueOf(e.getMessage())));
    }
  }
}
