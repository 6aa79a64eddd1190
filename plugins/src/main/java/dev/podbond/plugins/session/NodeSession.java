package dev.podbond.plugins.session;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.plan.Rebinding;
import dev.podbond.bonding.plan.VfPlanner;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockName;
import dev.podbond.node.state.LockTimeoutException;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.Stored;
import dev.podbond.node.state.VfClaim;
import dev.podbond.node.state.VfClaims;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The node's locks, records and claims during one call.
public final class NodeSession implements AutoCloseable {
  /// The time that sriov-cni waits for a VF; well below kubelet's timeout.
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);

  private final NodeEnvironment node;
  private final String plugin;
  private final NodeLocks locks;
  private final AttachmentStore records;
  private final DemotionStore demotions;
  private final DisabledVfStore disabledVfs;
  private final VfClaims claims;

  private NodeSession(NodeEnvironment node, String plugin, NodeLocks locks) {
    this.node = node;
    this.plugin = plugin;
    this.locks = locks;
    this.records = new AttachmentStore(node.stateDirectory(), node.files());
    this.demotions = new DemotionStore(node.stateDirectory(), node.files());
    this.disabledVfs = new DisabledVfStore(node.stateDirectory(), node.files(), node::warn);
    this.claims =
        new VfClaims(
            node.stateDirectory(),
            node.sriovCniAllocations(),
            owner -> records.contains(new AttachmentKey(owner.containerId(), owner.ifname())),
            node.files());
  }

  /// Opens the state of a node.
  ///
  /// @param plugin the CNI type of the plugin that was called; empty for the agent's own work
  /// @throws CniException with code 5 if the state directory cannot be used
  public static NodeSession open(NodeEnvironment node, String plugin) throws CniException {
    try {
      return new NodeSession(
          node, plugin, NodeLocks.open(node.stateDirectory(), new Polling(WaitClock.SYSTEM)));
    } catch (StateException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, e.getMessage(), e);
    }
  }

  /// The node.
  public NodeEnvironment node() {
    return node;
  }

  /// The CNI type of the plugin that was called.
  public String plugin() {
    return plugin;
  }

  /// The records of all attachments.
  public AttachmentStore records() {
    return records;
  }

  /// The record of an attachment. A damaged record is moved aside with a warning and counts as
  /// absent.
  public Optional<Attachment> record(AttachmentKey key) throws StateException {
    return switch (records.load(key)) {
      case Stored.Found(Attachment attachment) -> Optional.of(attachment);
      case Stored.Absent() -> Optional.empty();
      case Stored.Damaged damaged -> {
        node.warn(damaged.toString());
        yield Optional.empty();
      }
    };
  }

  /// Which members of bonds are demoted.
  public DemotionStore demotions() {
    return demotions;
  }

  /// The members of an attachment's bond that are demoted. A damaged record is moved aside with a
  /// warning and counts as absent.
  public Optional<Demotion> demotion(AttachmentKey key) throws StateException {
    return switch (demotions.load(key)) {
      case DemotionStore.Found.Demoted(Demotion demotion) -> Optional.of(demotion);
      case DemotionStore.Found.Nothing() -> Optional.empty();
      case DemotionStore.Found.Damaged damaged -> {
        node.warn(damaged.toString());
        yield Optional.empty();
      }
    };
  }

  /// Which VFs have no link because of a bad uplink.
  public DisabledVfStore disabledVfs() {
    return disabledVfs;
  }

  /// Removes all records of an attachment whose links are removed. That of demoted members goes
  /// first: without the other one nobody looks for it.
  public void forget(AttachmentKey key) throws StateException {
    boolean _ = demotions.remove(key);
    boolean _ = records.remove(key);
  }

  /// Locks an attachment, waiting for as long as a call may wait.
  ///
  /// @throws LockTimeoutException if it does not become free
  public HeldLock lock(AttachmentKey key) throws StateException {
    return lock(key, LOCK_LIMIT);
  }

  /// Locks an attachment.
  ///
  /// @throws LockTimeoutException if it does not become free within the limit
  public HeldLock lock(AttachmentKey key, Duration limit) throws StateException {
    return locks.acquire(new LockName.OfAttachment(key.containerId(), key.ifname()), limit);
  }

  /// Locks those of these VFs that nobody else has locked, and waits for none.
  public Devices lockFree(Collection<PciAddress> vfs) throws StateException {
    Devices devices = new Devices();
    try {
      for (PciAddress pci : vfs) {
        try {
          devices.locks.put(pci, locks.acquire(new LockName.OfPci(pci), Duration.ZERO));
        } catch (LockTimeoutException _) {
          // Whoever has it may be setting its link state.
        }
      }
      return devices;
    } catch (StateException | RuntimeException e) {
      devices.close();
      throw e;
    }
  }

  /// Locks VFs in ascending order, so that no two processes wait for each other.
  public Devices lock(List<PciAddress> ascending) throws StateException {
    return lock(ascending, LOCK_LIMIT);
  }

  private Devices lock(List<PciAddress> ascending, Duration limit) throws StateException {
    Devices devices = new Devices();
    try {
      for (PciAddress pci : ascending) {
        devices.locks.put(pci, locks.acquire(new LockName.OfPci(pci), limit));
      }
      return devices;
    } catch (StateException | RuntimeException e) {
      devices.close();
      throw e;
    }
  }

  /// Locks the VFs of an attachment.
  public Devices lock(Attachment record) throws StateException {
    return lock(record, LOCK_LIMIT);
  }

  /// Locks the VFs of an attachment, and waits for them no longer than the limit.
  ///
  /// @throws LockTimeoutException if one of them is not free
  public Devices lock(Attachment record, Duration limit) throws StateException {
    return lock(record.vfs().stream().map(SavedVf::pci).sorted().toList(), limit);
  }

  /// Gives back what an attachment without a record still claims. Its ADD was killed between the
  /// claim and the record, before it touched anything. The caller holds the attachment's lock.
  public void releaseClaims(AttachmentKey key) throws StateException {
    ClaimOwner holder = owner(key);
    SortedSet<PciAddress> held = new TreeSet<>();
    claims.forEach(
        (pci, owner) -> {
          if (owner.isSameAttachment(holder)) {
            held.add(pci);
          }
        },
        node::warn);
    try (Devices devices = lock(List.copyOf(held))) {
      devices.release(key);
    }
  }

  /// The attachment that has a VF, if one has.
  public Optional<AttachmentKey> claimant(PciAddress pci) throws StateException {
    return claims.owner(pci).map(owner -> new AttachmentKey(owner.containerId(), owner.ifname()));
  }

  /// The attachments that claim a VF and have no record.
  public List<AttachmentKey> unrecordedClaimants() throws StateException {
    Set<AttachmentKey> unrecorded = new LinkedHashSet<>();
    claims.forEach(
        (_, owner) -> {
          AttachmentKey key = new AttachmentKey(owner.containerId(), owner.ifname());
          if (!records.contains(key)) {
            unrecorded.add(key);
          }
        },
        node::warn);
    return List.copyOf(unrecorded);
  }

  private static ClaimOwner owner(AttachmentKey key) {
    return new ClaimOwner(key.containerId(), key.ifname(), "");
  }

  /// Converts an unreadable or unwritable state, or a lock that was not free, to a CNI error.
  public CniException failure(StateException e) {
    return new CniException(
        e instanceof LockTimeoutException ? CniErrorCode.TRY_AGAIN_LATER : CniErrorCode.IO_FAILURE,
        e.getMessage(),
        e);
  }

  @Override
  public void close() {
    try {
      locks.close();
    } catch (StateException e) {
      node.warn(e.getMessage());
    }
  }

  /// VFs whose locks are held.
  public final class Devices implements AutoCloseable {
    private final Map<PciAddress, HeldLock> locks = new TreeMap<>();

    private Devices() {}

    /// Which these are.
    public Set<PciAddress> held() {
      return Set.copyOf(locks.keySet());
    }

    /// Claims all of them for an attachment, or none.
    ///
    /// @param id the namespace of the call
    /// @throws CniException that names the owner if one of them is taken
    public void claim(AttachmentKey key, Invocation call, NetnsId id)
        throws CniException, StateException {
      ClaimOwner claimant =
          new ClaimOwner(key.containerId(), key.ifname(), call.requiredNetns().toString(), id);
      boolean granted = false;
      try {
        for (Map.Entry<PciAddress, HeldLock> device : locks.entrySet()) {
          PciAddress pci = device.getKey();
          require(
              pci,
              claims.<CniException>claim(
                  device.getValue(), pci, claimant, previous -> restore(pci, previous)));
        }
        granted = true;
      } finally {
        if (!granted) {
          release(key);
        }
      }
    }

    private static void require(PciAddress pci, VfClaim answer) throws CniException {
      switch (answer) {
        case VfClaim.Granted _ -> {}
        case VfClaim.Taken(ClaimOwner owner) ->
            throw taken(pci, "it is " + owner + "; DEL that attachment first");
        case VfClaim.TakenBySriovCni(String netns) ->
            throw taken(pci, "sriov-cni has given it to the pod of " + netns);
      }
    }

    private static CniException taken(PciAddress pci, String found) {
      return new CniException(CniErrorCode.TRY_AGAIN_LATER, "VF " + pci + " is in use: " + found);
    }

    /// Restores the VF of a pod that went without a DEL. The VF is on the host with whatever name
    /// and MAC it had in the pod, and must be restored before anyone records its state.
    private void restore(PciAddress pci, ClaimOwner previous) throws CniException, StateException {
      Optional<Attachment> alone =
          record(new AttachmentKey(previous.containerId(), previous.ifname()))
              .map(record ->
                  record.withVfs(record.vfs().stream().filter(vf -> vf.pci().equals(pci)).toList()))
              .filter(record -> !record.vfs().isEmpty());
      if (alone.isEmpty()) {
        return;
      }
      SavedVf saved = alone.get().vfs().getFirst();
      try (PodNet host = PodNet.hostOnly(node)) {
        requireLinks(List.of(pci), host);
        Execution execution = new Execution(host.kernel());
        List<ChangeFailedException> left =
            new ArrayList<>(
                execution.runAll(
                    Rebinding.of(
                        alone.get(),
                        host.observe(List.of(pci)),
                        host.traces(alone.get()),
                        node.settings().rebind())));
        left.addAll(execution.runAll(VfPlanner.restore(saved, host.observe(List.of(pci)))));
        if (!left.isEmpty()) {
          throw new CniException(
              PluginErrorCodes.NOT_ALL_REMOVED,
              "VF "
                  + pci
                  + ", left behind by "
                  + previous
                  + ", could not be restored: "
                  + left.getFirst().getMessage());
        }
      }
    }

    /// Gives VFs back what the agent took from them because of a bad uplink, before anybody writes
    /// down or restores what they are. Where nothing was taken that costs a look for a file each. A
    /// file that cannot be read is only a warning.
    ///
    /// @param net where their host is
    /// @return what could not be given back
    public List<String> giveBackLinks(Collection<PciAddress> vfs, PodNet net) throws CniException {
      List<String> left = new ArrayList<>();
      for (PciAddress vf : vfs) {
        try {
          giveBackLink(vf, net).ifPresent(left::add);
        } catch (StateException e) {
          node.warn("whether the VF " + vf + " has its own link state: " + e.getMessage());
        }
      }
      return left;
    }

    /// As [#giveBackLinks], for somebody who would take what the agent has set for what the VFs'
    /// owner has.
    public void requireLinks(Collection<PciAddress> vfs, PodNet net)
        throws CniException, StateException {
      for (PciAddress vf : vfs) {
        Optional<String> left = giveBackLink(vf, net);
        if (left.isPresent()) {
          throw new CniException(CniErrorCode.TRY_AGAIN_LATER, left.get());
        }
      }
    }

    private Optional<String> giveBackLink(PciAddress vf, PodNet net)
        throws CniException, StateException {
      return new LinkStateActs(disabledVfs, net.kernel()).giveBack(vf, () -> net.linkState(vf));
    }

    /// Gives back those VFs that belong to the attachment.
    public void release(AttachmentKey key) throws StateException {
      ClaimOwner holder = owner(key);
      for (Map.Entry<PciAddress, HeldLock> device : locks.entrySet()) {
        claims.release(device.getValue(), device.getKey(), holder);
      }
    }

    /// Whether another attachment has the VF now: then it is not ours to restore.
    public boolean isElsewhere(PciAddress pci, AttachmentKey key) throws StateException {
      return claims.isWithSriovCni(pci)
          || claims.owner(pci).filter(owner -> !owner.isSameAttachment(owner(key))).isPresent();
    }

    @Override
    public void close() {
      locks.values().forEach(HeldLock::close);
    }
  }
}
