package dev.podbond.plugins.linkstate;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.linkstate.PfVfs;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.observe.PfVfReader;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.StateException;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Carries out what is decided about the link states of VFs whose PF has a bad uplink.
///
/// What a VF was is on the disk before it is touched, and stays there until the kernel has
/// acknowledged that it is that again. So a process that ends at any moment leaves enough for the
/// next one to take all of it back. Thread-safe.
public final class VfLinkSwitch {
  private final NodeEnvironment node;
  private final PfVfReader reader;

  /// The PFs of the VFs of which anything is written down, as far as that was read. A VF has the
  /// same PF as long as it is there.
  private final Map<PciAddress, PciAddress> pfs = new HashMap<>();

  private final Set<PciAddress> unreadable = new HashSet<>();

  /// Of one node.
  public VfLinkSwitch(NodeEnvironment node) {
    this.node = node;
    this.reader = new PfVfReader(new PciDevices(node.sysfs()));
  }

  /// What became of the VFs of one PF. What was done is told whatever else has failed.
  ///
  /// @param disabled the changes by which VFs have lost their link
  /// @param restored the changes by which VFs have their link back
  /// @param notDisabled why others keep their link for now
  /// @param notRestored why others have no link yet; that is tried again
  /// @param refusal why none of them is asked to lose its link any more, as long as the uplink is
  ///   bad: its driver cannot do that, or does not say what it has done
  /// @param theirs VFs that somebody has set meanwhile, and that are left alone until the uplink is
  ///   good
  /// @param isBusy whether somebody else is at work on VFs of which something is to be done
  public record Outcome(
      List<String> disabled,
      List<String> restored,
      List<String> notDisabled,
      List<String> notRestored,
      Optional<String> refusal,
      Set<PciAddress> theirs,
      boolean isBusy) {
    /// Nothing was to be done.
    public static final Outcome UNCHANGED =
        new Outcome(List.of(), List.of(), List.of(), List.of(), Optional.empty(), Set.of(), false);

    /// Copies all of them.
    public Outcome {
      disabled = List.copyOf(disabled);
      restored = List.copyOf(restored);
      notDisabled = List.copyOf(notDisabled);
      notRestored = List.copyOf(notRestored);
      theirs = Set.copyOf(theirs);
    }

    /// Nothing could be done at all.
    public static Outcome failed(String why) {
      return new Outcome(
          List.of(), List.of(), List.of(), List.of(why), Optional.empty(), Set.of(), false);
    }
  }

  /// Does what is to be done about the VFs of one PF, but for those that another process or thread
  /// is at work on now.
  ///
  /// @throws CniException if this node's state or links cannot be read
  public Outcome judge(PciAddress pf, Orders orders) throws CniException {
    try (NodeSession session = NodeSession.open(node, "")) {
      Set<PciAddress> written = new TreeSet<>();
      session
          .disabledVfs()
          .forEachVf(vf -> {
            if (isPerhapsOf(pf, vf)) {
              written.add(vf);
            }
          });
      try (PodNet host = PodNet.hostOnly(node)) {
        return new LinkStateRun(pf, session.disabledVfs(), vfs(pf, session, host))
            .judge(orders, written);
      } catch (StateException e) {
        throw session.failure(e);
      }
    } catch (StateException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, e.getMessage(), e);
    }
  }

  private synchronized boolean isPerhapsOf(PciAddress pf, PciAddress vf) {
    return pfs.getOrDefault(vf, pf).equals(pf);
  }

  private LinkStateRun.Vfs vfs(PciAddress pf, NodeSession session, PodNet host) {
    return new LinkStateRun.Vfs() {
      @Override
      public Optional<PfVfs> observe() throws CniException {
        try {
          return reader.read(pf);
        } catch (IOException e) {
          throw new CniException(
              CniErrorCode.INTERNAL,
              "cannot read the VFs of the PF " + pf + ": " + IoReason.withFile(e),
              e);
        }
      }

      @Override
      public Kernel kernel() {
        return host.ownKernel();
      }

      @Override
      public LinkStateRun.Locked lock(Set<PciAddress> some) throws StateException {
        NodeSession.Devices devices = session.lockFree(some);
        return new LinkStateRun.Locked() {
          @Override
          public Set<PciAddress> held() {
            return devices.held();
          }

          @Override
          public AttachedVfs attached() throws CniException, StateException {
            return attachedOf(session, devices);
          }

          @Override
          public void close() {
            devices.close();
          }
        };
      }
    };
  }

  /// Whoever makes a bond has its record on the disk before it touches a member, and whoever has a
  /// VF has a claim to it.
  private static AttachedVfs attachedOf(NodeSession session, NodeSession.Devices devices)
      throws CniException, StateException {
    AttachedVfs.Gathering gathering = new AttachedVfs.Gathering();
    Map<PciAddress, AttachmentKey> alone = new HashMap<>();
    Set<String> passedOver = new TreeSet<>();
    session
        .records()
        .forEach(
            record -> {
              if (record.bond().isPresent()) {
                gathering.bond(members(record));
              } else if (record.phase() == Phase.COMPLETE) {
                record.vfs().forEach(vf -> alone.put(vf.pci(), record.key()));
              }
            },
            passedOver::add);
    if (!passedOver.isEmpty()) {
      throw new CniException(
          CniErrorCode.IO_FAILURE,
          "nobody can tell which VFs are members of bonds, so none loses its link: "
              + String.join("; ", passedOver));
    }
    for (PciAddress vf : devices.held()) {
      AttachmentKey key = alone.get(vf);
      if (key != null && session.claimant(vf).equals(Optional.of(key))) {
        gathering.alone(key, List.of(vf));
      }
    }
    return gathering.all();
  }

  /// The VFs that are members of an attachment's bond, whoever gave them to the pod.
  private static List<PciAddress> members(Attachment record) {
    return ConfiguredMember.of(record).stream().flatMap(member -> member.pci().stream()).toList();
  }

  /// Hands over the PFs of whose VFs anything is written down. A file that cannot be read is told
  /// of once, and its VF is none of theirs until it can be.
  ///
  /// @throws CniException if they cannot be listed
  public void forEachPf(Consumer<PciAddress> each) throws CniException {
    DisabledVfStore store = new DisabledVfStore(node.stateDirectory(), node.files(), node::warn);
    try {
      Set<PciAddress> vfs = new TreeSet<>();
      store.forEachVf(vfs::add);
      pfsOf(vfs, store).forEach(each);
    } catch (StateException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, e.getMessage(), e);
    }
  }

  private synchronized Set<PciAddress> pfsOf(Set<PciAddress> vfs, DisabledVfStore store) {
    pfs.keySet().retainAll(vfs);
    unreadable.retainAll(vfs);
    for (PciAddress vf : vfs) {
      if (!pfs.containsKey(vf)) {
        try {
          store.load(vf).map(DisabledVf::pf).ifPresent(pf -> pfs.put(vf, pf));
          unreadable.remove(vf);
        } catch (StateException e) {
          if (unreadable.add(vf)) {
            node.warn("the VF " + vf + " may have no link: " + e.getMessage());
          }
        }
      }
    }
    return new TreeSet<>(pfs.values());
  }
}
