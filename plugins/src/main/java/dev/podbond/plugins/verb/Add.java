package dev.podbond.plugins.verb;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.attachment.RecordedConfig;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.check.Comparison;
import dev.podbond.bonding.check.Difference;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.attachment.AttachmentSpec;
import dev.podbond.plugins.attachment.IpamAddresses;
import dev.podbond.plugins.ipam.ConfiguredIpam;
import dev.podbond.plugins.ipam.IpamCall;
import dev.podbond.plugins.ipam.IpamRun;
import dev.podbond.plugins.removal.Removal;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PluginErrorCodes;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.AttachmentKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// ADD, in the order that ARCHITECTURE.md describes: lock and claim, observe, preflight, record,
/// change, address, verify, finish. After the record is written, [AddUndo] takes back whatever
/// fails.
public final class Add {
  /// How long a new bond may take to get a carrier: VF drivers poll their link every two seconds.
  private static final Duration CARRIER_LIMIT = Duration.ofSeconds(3);

  /// How long a VF may take to adopt its new MAC: its driver may ask its PF for it.
  private static final Duration MAC_LIMIT = Duration.ofSeconds(3);

  private final NodeSession session;

  /// For one call.
  public Add(NodeSession session) {
    this.session = session;
  }

  /// Attaches the container.
  ///
  /// @return the result in the layout of the newest version
  /// @throws CniException with code 100 if the attachment was refused and the node is as before;
  ///   any other code says what the undo achieved
  public CniResult run(Invocation call, AttachmentSpec wanted) throws CniException {
    AttachmentKey key = new AttachmentKey(call.containerId(), call.ifname());
    try (HeldLock _ = session.lock(key)) {
      clearLeftover(call, key);
      try (NodeSession.Devices devices = session.lock(wanted.devices());
          PodNet pod = PodNet.open(session.node(), call.requiredNetns())) {
        NetnsId netns = pod.id();
        devices.claim(key, call, netns);
        return recorded(call, wanted, devices, pod, netns).attach();
      }
    } catch (StateException e) {
      throw session.failure(e);
    }
  }

  /// Removes what a killed ADD left of the same attachment, or a pod whose namespace is gone. A
  /// finished attachment that still exists is refused: its runtime must delete it first (CNI spec,
  /// "ADD").
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
    Optional<PodNet> pod = PodNet.openIfThere(session.node(), record);
    if (pod.isEmpty()) {
      return false;
    }
    try (PodNet access = pod.get()) {
      LinkRef link = record.addressed();
      return access.observe(record).link(link.place(), link.name()).isPresent();
    }
  }

  /// Observes, judges and records. If this fails, nothing on the node has changed.
  private Transaction recorded(
      Invocation call,
      AttachmentSpec wanted,
      NodeSession.Devices devices,
      PodNet pod,
      NetnsId netns)
      throws CniException, StateException {
    AttachmentKey key = new AttachmentKey(call.containerId(), call.ifname());
    try {
      devices.requireLinks(wanted.devices(), pod);
      NodeFacts facts = pod.observeForAdd(wanted);
      AttachmentSpec spec = wanted.settled(facts);
      PreflightVerdict.require(
          session.node(), spec, spec.findings(facts), "refused before anything was touched: ");
      Attachment prepared =
          spec.prepare(
              key, call.requiredNetns().toString(), RecordedConfig.of(call.config().json()), facts);
      Optional<Ipam> plugin = ConfiguredIpam.asked(call.config(), session.node().ipam());
      prepared = prepared.from(origin(call, netns, IpamCall.ifname(plugin, prepared)));
      session.records().save(prepared);
      return new Transaction(call, spec, prepared, plugin, devices, pod, facts);
    } catch (CniException | StateException | RuntimeException e) {
      withdraw(key, devices, e);
      throw e;
    }
  }

  private static Origin origin(Invocation call, NetnsId netns, String ipamIfname) {
    return new Origin(
        call.env().getOrDefault("CNI_PATH", ""),
        call.env().getOrDefault("CNI_ARGS", ""),
        netns,
        ipamIfname);
  }

  /// Removes the record too: although its write failed, it may have reached the disk.
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

  /// One ADD from its record on.
  private final class Transaction {
    private final Invocation call;
    private final AttachmentSpec spec;
    private final Attachment prepared;
    private final Optional<Ipam> plugin;
    private final NodeSession.Devices devices;
    private final PodNet pod;
    private final NodeFacts facts;
    private final boolean hasInterface;
    private final Execution execution;
    private Optional<IpamRun<CniResult>> ipam = Optional.empty();

    Transaction(
        Invocation call,
        AttachmentSpec spec,
        Attachment prepared,
        Optional<Ipam> plugin,
        NodeSession.Devices devices,
        PodNet pod,
        NodeFacts facts) {
      this.call = call;
      this.spec = spec;
      this.prepared = prepared;
      this.plugin = plugin;
      this.devices = devices;
      this.pod = pod;
      this.facts = facts;
      this.hasInterface = spec.hasInterface(facts);
      this.execution = new Execution(pod.kernel(facts));
    }

    CniResult attach() throws CniException {
      try {
        return attempt();
      } catch (CniException e) {
        throw undo().after(e.code(), e.error().msg(), e.error().details(), e);
      } catch (ChangeFailedException e) {
        throw undo().after(e, facts);
      } catch (StateException e) {
        throw undo().after(CniErrorCode.IO_FAILURE, e.getMessage(), "", e);
      } catch (RuntimeException e) {
        throw undo().after(CniErrorCode.INTERNAL, "internal error: " + e, "", e);
      }
    }

    private AddUndo undo() {
      return new AddUndo(session, ipamCall(), prepared, devices, pod, plugin, ipam, execution);
    }

    private CniResult attempt() throws CniException, ChangeFailedException, StateException {
      ipam = plugin.map(asked -> IpamRun.of(asked, () -> asked.add(ipamCall())));
      execution.run(spec.assemble(facts));
      CniResult assigned = ipam.isPresent() ? ipam.get().result() : CniResult.EMPTY;
      IpamAddresses addresses = IpamAddresses.of(assigned);
      PreflightVerdict.require(
          session.node(), spec, spec.findings(addresses), "refused with these addresses: ");
      Attachment complete = address(addresses);
      Optional<LinkFacts> link = verify(complete);
      session.records().save(complete);
      if (link.isPresent()) {
        pod.announce(link.get(), addresses.ips());
      }
      return AddResult.of(call, prepared, link, assigned);
    }

    private Invocation ipamCall() {
      return IpamCall.named(call, prepared.ipamIfname());
    }

    /// @return the record with the addresses
    private Attachment address(IpamAddresses addresses) throws CniException, ChangeFailedException {
      if (!hasInterface) {
        return prepared.complete(List.of(), List.of());
      }
      if (ipam.isPresent()) {
        execution.run(
            BondPlanner.address(prepared.addressed(), addresses.ips(), addresses.routes()));
      }
      return prepared.complete(
          addresses.prefixes(), BondPlanner.withGateways(addresses.ips(), addresses.routes()));
    }

    /// Checks that every change took effect: the kernel sometimes answers "done" without doing it.
    ///
    /// @return the link with the addresses, if there is one
    private Optional<LinkFacts> verify(Attachment complete) throws CniException {
      LinkRef addressed = prepared.addressed();
      if (hasInterface && !pod.hasCarrierWithin(addressed, CARRIER_LIMIT)) {
        session
            .node()
            .warn(
                addressed
                    + " has no carrier after "
                    + CARRIER_LIMIT.toMillis()
                    + " ms: look at the cables of the PFs, and at the VFs' link state");
      }
      Expectation expectation = spec.expectation(complete);
      NodeFacts after = observed(complete, expectation);
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
      return after.link(addressed.place(), addressed.name());
    }

    /// Nearly always everything is as expected, and few questions show that. If not, we look at
    /// everything that the attachment concerns, so that the error can tell what was found.
    private NodeFacts observed(Attachment complete, Expectation expectation) throws CniException {
      NodeFacts expected = pod.observe(expectation);
      return Comparison.differences(expectation, expected).isEmpty()
          ? expected
          : pod.observeUntil(
              () -> pod.observeWithRoutes(complete),
              seen -> isSettled(Comparison.differences(expectation, seen)),
              MAC_LIMIT);
    }

    private static boolean isSettled(List<Difference> differences) {
      return differences.isEmpty() || !differences.stream().allMatch(Difference::mayPass);
    }
  }
}
