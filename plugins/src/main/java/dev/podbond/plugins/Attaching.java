package dev.podbond.plugins;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.attachment.RecordedConfig;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.check.Comparison;
import dev.podbond.bonding.check.Difference;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.MacAddress;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.bonding.plan.VfPlanner;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniInterface;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.StateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// ADD: look, refuse or record, change, verify, announce; and take everything back if anything
/// fails on the way.
final class Attaching {
  /// How long a fresh bond may take to a carrier: VF drivers look at their link every two seconds.
  private static final Duration CARRIER_LIMIT = Duration.ofSeconds(3);

  /// How long a VF may take to have the MAC that it was given: its driver may ask its PF for it.
  private static final Duration MAC_LIMIT = Duration.ofSeconds(3);

  private final NodeSession session;

  Attaching(NodeSession session) {
    this.session = session;
  }

  CniResult run(Invocation call, Blueprint blueprint) throws CniException {
    AttachmentKey key = new AttachmentKey(call.containerId(), call.ifname());
    try (HeldLock _ = session.lock(key)) {
      clearLeftover(call, key);
      try (NodeSession.Devices devices = session.lock(blueprint.devices());
          PodAccess pod = PodAccess.open(session, call.requiredNetns())) {
        return attach(call, blueprint, key, devices, pod);
      }
    } catch (StateException e) {
      throw session.failure(e);
    }
  }

  /// A record of the same attachment is that of an ADD that was killed, or whose namespace is gone;
  /// a finished attachment that is still there has to be deleted first (CNI spec, "ADD").
  private void clearLeftover(Invocation call, AttachmentKey key)
      throws CniException, StateException {
    Optional<Attachment> leftover = session.record(key);
    if (leftover.isEmpty()) {
      return;
    }
    Attachment record = leftover.get();
    if (record.phase() == Phase.COMPLETE
        && record.netns().equals(call.requiredNetns().toString())
        && stillThere(record)) {
      throw new CniException(
          PluginErrorCodes.REFUSED,
          key + " is attached already, as " + record.addressed() + ": DEL it first");
    }
    new Removal(session).runOrFail(record, call.env());
  }

  private boolean stillThere(Attachment record) throws CniException {
    Optional<PodAccess> pod = PodAccess.openIfThere(session, record);
    if (pod.isEmpty()) {
      return false;
    }
    try (PodAccess access = pod.get()) {
      LinkRef link = record.addressed();
      return access.observe(record).link(link.place(), link.name()).isPresent();
    }
  }

  private CniResult attach(
      Invocation call,
      Blueprint wanted,
      AttachmentKey key,
      NodeSession.Devices devices,
      PodAccess pod)
      throws CniException, StateException {
    NetnsId id = pod.id();
    devices.claim(key, call, id);
    boolean recorded = false;
    try {
      NodeFacts facts = pod.observe(wanted);
      Blueprint blueprint = wanted.settled(facts);
      refuseOrWarn(blueprint, blueprint.findings(facts));
      Attachment prepared =
          blueprint.prepare(
              key, call.requiredNetns().toString(), RecordedConfig.of(call.config().json()), facts);
      Optional<Ipam> plugin = Delegate.asked(call.config(), session.node().ipam());
      prepared = prepared.from(origin(call, id, IpamCall.ifname(plugin, prepared)));
      session.records().save(prepared);
      recorded = true;
      return new Transaction(call, blueprint, prepared, plugin, devices, pod, facts).run(facts);
    } catch (CniException | StateException | RuntimeException e) {
      if (!recorded) {
        withdraw(key, devices, e);
      }
      throw e;
    }
  }

  /// Nothing has been touched yet. A record that could not be written may be there all the same:
  /// the disk does not always know.
  private void withdraw(AttachmentKey key, NodeSession.Devices devices, Exception why) {
    try {
      session.records().remove(key);
    } catch (StateException e) {
      why.addSuppressed(e);
    }
    try {
      devices.release(key);
    } catch (StateException e) {
      why.addSuppressed(e);
    }
  }

  private static Origin origin(Invocation call, NetnsId id, String ipamIfname) {
    return new Origin(
        call.env().getOrDefault("CNI_PATH", ""),
        call.env().getOrDefault("CNI_ARGS", ""),
        id,
        ipamIfname);
  }

  private void refuseOrWarn(Blueprint blueprint, List<Finding> findings) throws CniException {
    refuseOrWarn(blueprint, findings, "refused before anything was touched: ");
  }

  private void refuseOrWarn(Blueprint blueprint, List<Finding> findings, String prefix)
      throws CniException {
    List<Finding> refusals = Preflight.refusals(findings, blueprint.strict());
    for (Finding finding : findings) {
      if (!refusals.contains(finding)) {
        session.node().warn(finding.toString());
      }
    }
    if (!refusals.isEmpty()) {
      throw new CniException(
          PluginErrorCodes.REFUSED,
          prefix + refusals.stream().map(Finding::toString).collect(Collectors.joining("; ")));
    }
  }

  /// One ADD from its record on.
  private final class Transaction {
    private final Invocation call;
    private final Blueprint blueprint;
    private final Attachment prepared;
    private final Optional<Ipam> plugin;
    private final NodeSession.Devices devices;
    private final PodAccess pod;
    private final Execution execution;
    private Optional<IpamRun<CniResult>> ipam = Optional.empty();

    Transaction(
        Invocation call,
        Blueprint blueprint,
        Attachment prepared,
        Optional<Ipam> plugin,
        NodeSession.Devices devices,
        PodAccess pod,
        NodeFacts seen) {
      this.call = call;
      this.blueprint = blueprint;
      this.prepared = prepared;
      this.plugin = plugin;
      this.devices = devices;
      this.pod = pod;
      this.execution = new Execution(pod.kernel(seen));
    }

    CniResult run(NodeFacts facts) throws CniException {
      try {
        return attempt(facts);
      } catch (CniException e) {
        throw undone(e.code(), e.error().msg(), e.error().details(), e);
      } catch (ChangeFailedException e) {
        Optional<StackedVf> stacked = StackedVf.of(e, prepared, facts);
        throw undone(
            PluginErrorCodes.UNDONE,
            e.getMessage() + stacked.map(vf -> "; " + explained(vf)).orElse(""),
            "",
            e,
            stacked);
      } catch (StateException e) {
        throw undone(CniErrorCode.IO_FAILURE, e.getMessage(), "", e);
      } catch (RuntimeException e) {
        throw undone(CniErrorCode.INTERNAL, "internal error: " + e, "", e);
      }
    }

    private CniResult attempt(NodeFacts facts)
        throws CniException, ChangeFailedException, StateException {
      ipam = plugin.map(asked -> IpamRun.of(asked, () -> asked.add(callOfIpam())));
      execution.run(blueprint.assemble(facts));
      IpamAddresses addresses = IpamAddresses.NONE;
      CniResult assigned = CniResult.EMPTY;
      boolean hasInterface = blueprint.hasInterface(facts);
      if (ipam.isPresent()) {
        assigned = ipam.get().result();
        addresses = IpamAddresses.of(assigned);
      }
      refuseOrWarn(blueprint, blueprint.findings(addresses), "refused with these addresses: ");
      if (ipam.isPresent() && hasInterface) {
        execution.run(
            BondPlanner.address(prepared.addressed(), addresses.ips(), addresses.routes()));
      }
      Attachment complete =
          hasInterface
              ? prepared.complete(
                  addresses.prefixes(),
                  BondPlanner.withGateways(addresses.ips(), addresses.routes()))
              : prepared.complete(List.of(), List.of());
      Optional<LinkFacts> link = verified(complete, hasInterface);
      session.records().save(complete);
      if (hasInterface) {
        pod.announce(prepared.addressed(), addresses.ips());
      }
      return result(link, assigned);
    }

    /// Everything took, or it did not work: a kernel that answers "done" has not always done it.
    private Optional<LinkFacts> verified(Attachment complete, boolean hasInterface)
        throws CniException {
      Expectation expectation = blueprint.expectation(complete);
      if (hasInterface && !pod.hasCarrierWithin(prepared.addressed(), CARRIER_LIMIT)) {
        session
            .node()
            .warn(
                prepared.addressed()
                    + " has no carrier after "
                    + CARRIER_LIMIT.toMillis()
                    + " ms: look at the cables of the PFs, and at the VFs' link state");
      }
      NodeFacts after =
          pod.observeUntil(
              () -> pod.observeWithRoutes(complete),
              facts -> isSettled(Comparison.differences(expectation, facts)),
              MAC_LIMIT);
      List<Difference> differences = Comparison.differences(expectation, after);
      if (!differences.isEmpty()) {
        throw new CniException(
            PluginErrorCodes.UNDONE,
            "the kernel accepted every change, but not all of them took: "
                + differences.stream().map(Difference::toString).collect(Collectors.joining("; ")));
      }
      for (Difference degradation : Comparison.degradations(expectation, after)) {
        session.node().warn(degradation.toString());
      }
      LinkRef ref = prepared.addressed();
      return after.link(ref.place(), ref.name());
    }

    private static boolean isSettled(List<Difference> differences) {
      return differences.isEmpty() || !differences.stream().allMatch(Difference::mayPass);
    }

    private CniResult result(Optional<LinkFacts> link, CniResult assigned) throws CniException {
      CniResult before = call.config().prevResult(call.version()).orElse(CniResult.EMPTY);
      CniInterface ours =
          new CniInterface(
              prepared.addressed().name(),
              mac(link).map(MacAddress::toString),
              Optional.of(call.requiredNetns().toString()),
              link.isPresent() ? OptionalInt.of(link.get().mtuBytes()) : OptionalInt.empty(),
              Optional.empty(),
              Optional.empty(),
              dev.podbond.json.JsonObject.of());
      List<CniInterface> interfaces = new ArrayList<>(before.interfaces());
      interfaces.add(ours);
      int index = interfaces.size() - 1;
      List<CniIp> ips = new ArrayList<>(before.ips());
      assigned.ips().stream().map(ip -> ip.onInterface(index)).forEach(ips::add);
      CniResult result = before.withInterfaces(interfaces).withIps(ips);
      if (!assigned.routes().isEmpty()) {
        var routes = new ArrayList<>(before.routes());
        routes.addAll(assigned.routes());
        result = result.withRoutes(routes);
      }
      // As bond-cni has it, what the configuration says of DNS goes before what IPAM says.
      return result.withDns(
          !call.config().dns().isEmpty()
              ? call.config().dns()
              : !assigned.dns().isEmpty() ? assigned.dns() : before.dns());
    }

    /// A VF that user space drives has no interface; its MAC is the one set through the PF.
    private Optional<MacAddress> mac(Optional<LinkFacts> link) {
      return link.isPresent()
          ? link.get().mac()
          : prepared.vfs().stream()
              .flatMap(vf -> vf.changed().adminMac().or(() -> vf.before().adminMac()).stream())
              .findFirst();
    }

    /// Whether IPAM gave some, or is just about to; where it failed it has taken them back.
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

    /// Brings back VFs that the undo missed: it names links as they were called when it was
    /// planned, and udev may have given one that came home another name.
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

    private Invocation callOfIpam() {
      return IpamCall.named(call, prepared.ipamIfname());
    }

    private IpamRun<Boolean> release(Ipam asked) {
      return IpamRun.begun(() -> {
        asked.del(callOfIpam());
        return true;
      });
    }

    private String explained(StackedVf stacked) {
      return stacked.cause()
          + "; "
          + (stacked.own() || broughtBy(stacked.pci()).isPresent()
              ? "it is rebound now, which ends that: try again"
              : stacked.byHand());
    }

    /// The attachment of this pod that has the VF, if one has.
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

    /// Ends what another namespace has on a VF, so that the next ADD can have it. One that another
    /// attachment brought into the pod is brought there again.
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

    private CniException undone(CniErrorCode code, String message, String details, Exception why) {
      return undone(code, message, details, why, Optional.empty());
    }

    /// Takes everything back, and says in the failure whether that worked. A plugin that needs the
    /// interface gives its addresses back before that goes.
    private CniException undone(
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
              new dev.podbond.cni.spec.CniError(
                  left.isEmpty() ? code : PluginErrorCodes.UNDO_INCOMPLETE,
                  message + outcome,
                  details));
      failure.initCause(why);
      return failure;
    }
  }
}
