package dev.podbond.plugins.linkstate;

import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.linkstate.PfVfs;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.observe.PfVfReader;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockTimeoutException;
import dev.podbond.node.state.StateException;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.IoReason;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Carries out what is decided about the link states of VFs whose PF has a bad uplink.
///
/// What a VF was is on the disk before it is touched, and stays there until it was seen to be that
/// again. So a process that ends at any moment leaves enough for the next one to take all of it
/// back.
public final class VfLinkSwitch {
  private final NodeEnvironment node;
  private final PfVfReader reader;

  /// Of one node.
  public VfLinkSwitch(NodeEnvironment node) {
    this.node = node;
    this.reader = new PfVfReader(new PciDevices(node.sysfs()));
  }

  /// What became of the VFs of one PF.
  public sealed interface Outcome {
    /// No link state was to be changed.
    record Unchanged() implements Outcome {}

    /// Somebody else is at work on VFs of which something is to be done.
    record Busy() implements Outcome {}

    /// VFs have lost their link, or have it back.
    ///
    /// @param disabled how many have lost it
    record Done(int disabled, List<String> changes) implements Outcome {
      public Done {
        changes = List.copyOf(changes);
      }
    }

    /// The driver of the PF has no link states of VFs.
    ///
    /// @param reason in the kernel's words
    record Refused(String reason) implements Outcome {}

    /// Something is left to be done, and what is written down stays.
    record Unfinished(List<String> left) implements Outcome {
      public Unfinished {
        left = List.copyOf(left);
      }
    }
  }

  /// Does what is to be done about the VFs of one PF, but for those that another process or thread
  /// is at work on now.
  ///
  /// @throws CniException if this node's state or links cannot be read, or the record not written
  public Outcome judge(PciAddress pf, Orders orders) throws CniException {
    try (NodeSession session = NodeSession.open(node, "")) {
      try (HeldLock _ = session.lockLinkStates(pf);
          PodNet host = PodNet.hostOnly(node)) {
        return new LinkStateRun(pf, session.disabledVfs(), vfs(pf, session, host)).judge(orders);
      } catch (LockTimeoutException _) {
        return new Outcome.Busy();
      } catch (StateException e) {
        throw session.failure(e);
      }
    }
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
          public void close() {
            devices.close();
          }
        };
      }
    };
  }

  /// Hands over the PFs of whose VFs anything is written down.
  ///
  /// @throws CniException if that cannot be read
  public void forEachPf(Consumer<PciAddress> each) throws CniException {
    try {
      new DisabledVfStore(node.stateDirectory(), node.files(), node::warn).forEachPf(each);
    } catch (StateException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, e.getMessage(), e);
    }
  }
}
