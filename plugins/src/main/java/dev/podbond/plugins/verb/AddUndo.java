package dev.podbond.plugins.verb;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.plan.VfPlanner;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.ipam.IpamCall;
import dev.podbond.plugins.ipam.IpamRun;
import dev.podbond.plugins.recovery.Recovery;
import dev.podbond.plugins.removal.StackedVf;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PluginErrorCodes;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes a failed ADD back: the changes, the addresses, the claims and the record, in this order.
/// The error says whether that worked.
///
/// @param plugin the IPAM plugin, if addresses were asked for
/// @param ipam its ADD, if that was prepared
/// @param execution the changes made so far
record AddUndo(
    NodeSession session,
    Invocation ipamCall,
    Attachment prepared,
    NodeSession.Devices devices,
    PodNet pod,
    Optional<Ipam> plugin,
    Optional<IpamRun<CniResult>> ipam,
    Execution execution) {

  /// Takes everything back after the kernel refused a change.
  ///
  /// @param facts those that the ADD rested on
  CniException after(ChangeFailedException failure, NodeFacts facts) {
    Optional<StackedVf> stacked = StackedVf.of(failure, prepared, facts);
    return run(
        PluginErrorCodes.UNDONE,
        failure.getMessage() + stacked.map(vf -> "; " + explained(vf)).orElse(""),
        "",
        failure,
        stacked);
  }

  /// Takes everything back after any other failure.
  CniException after(CniErrorCode code, String message, String details, Exception failure) {
    return run(code, message, details, failure, Optional.empty());
  }

  /// A plugin that needs the interface must give its addresses back before the interface goes.
  private CniException run(
      CniErrorCode code,
      String message,
      String details,
      Exception why,
      Optional<StackedVf> stacked) {
    List<String> left = new ArrayList<>();
    boolean comesFirst = plugin.filter(IpamRun::needsInterface).isPresent();
    Optional<IpamRun<Boolean>> release = Optional.empty();
    if (comesFirst && hasAddresses()) {
      release = plugin.map(this::release);
      release.ifPresent(run -> run.awaitEnd(IpamCall.RELEASE_PATIENCE));
    }
    for (ChangeFailedException failure : execution.undo()) {
      left.add(failure.getMessage());
    }
    if (left.isEmpty()) {
      left.addAll(stacked.isPresent() ? freed(stacked.get()) : strayed());
    }
    if (!comesFirst && hasAddresses()) {
      release = plugin.map(this::release);
    }
    try {
      if (release.isPresent()) {
        release.get().result();
      }
    } catch (CniException e) {
      left.add(e.getMessage());
    }
    if (left.isEmpty()) {
      try {
        session.records().remove(prepared.key());
        devices.release(prepared.key());
      } catch (StateException e) {
        left.add(e.getMessage());
      }
    }
    String outcome =
        left.isEmpty()
            ? "; everything was taken back, the node is as before"
            : "; not everything could be taken back, DEL will try again: "
                + String.join("; ", left);
    CniException failure =
        new CniException(
            new CniError(
                left.isEmpty() ? code : PluginErrorCodes.UNDO_INCOMPLETE,
                message + outcome,
                details));
    failure.initCause(why);
    return failure;
  }

  /// Whether IPAM gave addresses, or is about to. An IPAM plugin that failed has released its own
  /// addresses.
  private boolean hasAddresses() {
    if (ipam.filter(IpamRun::hasStarted).isEmpty()) {
      return false;
    }
    try {
      CniResult _ = ipam.get().result();
      return true;
    } catch (CniException _) {
      return false;
    }
  }

  private IpamRun<Boolean> release(Ipam asked) {
    return IpamRun.releasing(asked, ipamCall);
  }

  /// Brings back VFs that the undo missed: the undo uses the link names from planning time, and
  /// udev may have renamed a VF that returned.
  ///
  /// @return what could not be brought back
  private List<String> strayed() {
    try {
      List<String> left = new ArrayList<>();
      NodeFacts now = pod.observe(prepared);
      for (SavedVf saved : prepared.vfs()) {
        execution.runAll(VfPlanner.restore(saved, now)).stream()
            .map(ChangeFailedException::getMessage)
            .forEach(left::add);
      }
      return left;
    } catch (CniException e) {
      return List.of(e.getMessage());
    }
  }

  private String explained(StackedVf stacked) {
    return stacked.cause()
        + "; "
        + (stacked.own() || broughtBy(stacked.pci()).isPresent()
            ? "it is rebound now, which ends that: try again"
            : stacked.byHand());
  }

  /// The attachment of this pod that holds the VF, if one does.
  private Optional<AttachmentKey> broughtBy(PciAddress pci) {
    try {
      return session
          .claimant(pci)
          .filter(key -> key.containerId().equals(prepared.key().containerId()));
    } catch (StateException e) {
      session.node().warn(e.getMessage());
      return Optional.empty();
    }
  }

  /// Ends the use of a VF by another namespace, so that the next ADD can have the VF. If another
  /// attachment brought the VF into the pod, it is put back there.
  ///
  /// @return what could not be done
  private List<String> freed(StackedVf stacked) {
    List<String> left = new ArrayList<>(strayed());
    Optional<AttachmentKey> owner = stacked.own() ? Optional.empty() : broughtBy(stacked.pci());
    if (!left.isEmpty() || (!stacked.own() && owner.isEmpty())) {
      return left;
    }
    try {
      if (owner.isPresent()) {
        try (NodeSession.Devices _ = session.lock(List.of(stacked.pci()))) {
          left.addAll(rebound(stacked));
        }
        if (new Recovery(session.node()).recover(owner.get())
            instanceof Recovery.Outcome.Unfinished(List<String> reasons)) {
          reasons.forEach(session.node()::warn);
        }
      } else {
        left.addAll(rebound(stacked));
        left.addAll(strayed());
      }
    } catch (CniException | StateException e) {
      left.add(e.getMessage());
    }
    return left;
  }

  private List<String> rebound(StackedVf stacked) throws CniException {
    NodeFacts facts = pod.observe(List.of(stacked.pci()));
    return execution.runAll(stacked.rebinding(facts)).stream()
        .map(ChangeFailedException::getMessage)
        .toList();
  }
}
