package dev.podbond.plugins.demotion;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.state.BondProblem;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.observe.MemberHardware;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockTimeoutException;
import dev.podbond.node.state.StateException;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.removal.Removal;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Carries out what is decided about the members of bonds whose PFs have a bad uplink.
///
/// What a member was is on the disk before it is touched, and stays there until it was seen to be
/// that again. So a process that ends at any moment leaves enough for the next one to take all of
/// it back.
public final class Demoting {
  private static final Duration NO_WAIT = Duration.ZERO;

  /// Those of one round; the next one finds the others.
  private static final int MOST_ORPHANS = 1000;

  private final NodeEnvironment node;
  private final MemberHardware hardware;

  /// Of one node.
  public Demoting(NodeEnvironment node) {
    this.node = node;
    this.hardware = new MemberHardware(new PciDevices(node.sysfs()));
  }

  /// What decisions rest on, beside the bond itself.
  ///
  /// @param verdicts on the uplinks of PFs, by their addresses
  /// @param mayDemote false in a storm, and once as many bonds were changed as may be at once
  /// @param at the time, to be written down
  public record Orders(
      Map<PciAddress, Reading> verdicts, UplinkAction action, boolean mayDemote, Instant at) {
    /// All members of all bonds come back.
    public static final Orders RESTORE =
        new Orders(Map.of(), UplinkAction.OFF, false, Instant.EPOCH);

    public Orders {
      verdicts = Map.copyOf(verdicts);
    }
  }

  /// What became of one bond.
  public sealed interface Outcome {
    /// Nothing was to be done.
    record Unchanged() implements Outcome {}

    /// Somebody else is at work on it.
    record Busy() implements Outcome {}

    /// Members have left a bad path.
    ///
    /// @param members how many
    record Demoted(int members, List<String> changes) implements Outcome {
      public Demoted {
        changes = List.copyOf(changes);
      }
    }

    /// Members are what they were again.
    record Restored(List<String> changes) implements Outcome {
      public Restored {
        changes = List.copyOf(changes);
      }
    }

    /// The bond is gone, and so is its record.
    record Forgotten() implements Outcome {}

    /// Something is left to be done, and the record stays.
    record Unfinished(List<String> left) implements Outcome {
      public Unfinished {
        left = List.copyOf(left);
      }
    }
  }

  /// Does what is to be done about one bond, unless another process or thread is at work on it now.
  ///
  /// @throws CniException if this node's state or links cannot be read, or the record not written
  public Outcome judge(AttachmentKey key, Orders orders) throws CniException {
    try (NodeSession session = NodeSession.open(node, "")) {
      try (HeldLock _ = session.lock(key, NO_WAIT)) {
        return judge(session, key, orders);
      } catch (LockTimeoutException _) {
        return new Outcome.Busy();
      } catch (StateException e) {
        throw session.failure(e);
      }
    }
  }

  /// Hands over the bonds of which anything is written down. Those whose attachments have no record
  /// any more are [orphans][#forgetOrphans] and not among them: however many there are, they cost a
  /// look at a file's name each.
  ///
  /// @throws CniException if that cannot be read
  public void forEachDemoted(Consumer<AttachmentKey> each) throws CniException {
    try {
      AttachmentStore records = new AttachmentStore(node.stateDirectory(), node.files());
      new DemotionStore(node.stateDirectory(), node.files())
          .forEachKey(
              key -> {
                if (records.contains(key)) {
                  each.accept(key);
                }
              },
              _ -> {});
    } catch (StateException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, e.getMessage(), e);
    }
  }

  /// The members of a bond that are kept from carrying its traffic. If that cannot be read there
  /// are none, with a warning: whoever acts on it reads it again under the bond's lock.
  ///
  /// @param configured the members that the bond was made with
  public List<BondProblem.HeldBack> heldBack(AttachmentKey key, List<ConfiguredMember> configured) {
    try {
      return switch (new DemotionStore(node.stateDirectory(), node.files()).load(key)) {
        case DemotionStore.Found.Demoted(Demotion demotion) -> demotion.heldBack(configured);
        case DemotionStore.Found.Nothing() -> List.of();
        case DemotionStore.Found.Damaged damaged -> {
          node.warn(damaged.toString());
          yield List.of();
        }
      };
    } catch (StateException e) {
      node.warn(e.getMessage());
      return List.of();
    }
  }

  /// Removes what is written down of bonds whose attachments have no record any more: with them
  /// went their bonds. Files that are named like no record are moved aside, with a warning.
  ///
  /// @throws CniException if this node's state cannot be read
  public void forgetOrphans() throws CniException {
    try (NodeSession session = NodeSession.open(node, "")) {
      try {
        forgetOrphans(session);
      } catch (StateException e) {
        throw session.failure(e);
      }
    }
  }

  private void forgetOrphans(NodeSession session) throws StateException {
    List<AttachmentKey> orphans = new ArrayList<>();
    List<Path> strange = new ArrayList<>();
    session
        .demotions()
        .forEachKey(
            key -> {
              if (!session.records().contains(key) && orphans.size() < MOST_ORPHANS) {
                orphans.add(key);
              }
            },
            file -> {
              if (strange.size() < MOST_ORPHANS) {
                strange.add(file);
              }
            });
    strange.forEach(file -> node.warn(session.demotions().setAside(file).toString()));
    for (AttachmentKey key : orphans) {
      try (HeldLock _ = session.lock(key, NO_WAIT)) {
        if (session.record(key).isEmpty()) {
          boolean _ = session.demotions().remove(key);
        }
      } catch (LockTimeoutException _) {
        // Its removal is under way, and removes this as well.
      }
    }
  }

  private Outcome judge(NodeSession session, AttachmentKey key, Orders orders)
      throws CniException, StateException {
    Optional<Attachment> record = session.record(key);
    Optional<Demotion> known = session.demotion(key);
    if (record.isEmpty()) {
      return forget(session, key, known);
    }
    if (record.get().phase() != Phase.COMPLETE) {
      // Its removal takes everything back.
      return new Outcome.Unchanged();
    }
    Optional<PodNet> pod = PodNet.openIfThere(node, record.get());
    if (pod.isEmpty()) {
      return known.isEmpty()
          ? new Outcome.Unchanged()
          : new Outcome.Unfinished(
              List.of(
                  "the network namespace "
                      + record.get().netns()
                      + " is gone or cannot be seen from here"));
    }
    try (PodNet access = pod.get();
        NodeSession.Devices devices = session.lock(record.get(), NO_WAIT)) {
      Attachment own = Removal.ownPart(record.get(), devices);
      return run(session, access, own).judge(known, orders);
    }
  }

  private DemotionRun run(NodeSession session, PodNet access, Attachment own) {
    return new DemotionRun(
        own,
        ConfiguredMember.of(own).stream().map(hardware::of).toList(),
        session.demotions(),
        new DemotionRun.Pod() {
          @Override
          public NodeFacts observe() throws CniException {
            return access.observe(own);
          }

          @Override
          public Kernel kernel(NodeFacts seen) {
            return access.hastyKernel(seen);
          }
        });
  }

  private static Outcome forget(NodeSession session, AttachmentKey key, Optional<Demotion> known)
      throws StateException {
    if (known.isEmpty()) {
      return new Outcome.Unchanged();
    }
    boolean _ = session.demotions().remove(key);
    return new Outcome.Forgotten();
  }
}
