package dev.podbond.plugins.removal;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.RebindRule;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PodTraces;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.plan.AttachmentRemoval;
import dev.podbond.bonding.plan.HomeNames;
import dev.podbond.bonding.plan.Rebinding;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.ipam.ConfiguredIpam;
import dev.podbond.plugins.ipam.IpamCall;
import dev.podbond.plugins.ipam.IpamRun;
import dev.podbond.plugins.ipam.LostLease;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PluginErrorCodes;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.PciAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Removes one recorded attachment: first everything on the node, then its addresses, and the
/// record last, so that the next attempt retries whatever is left. DEL and GC use it, and so does
/// an ADD that finds the leftovers of a killed one.
public final class Removal {
  /// Between the moments when a driver has made an interface and when its removal has renamed it,
  /// that removal only looks at links. Hundreds of others may do that at the same time.
  private static final Duration NAME_LIMIT = Duration.ofSeconds(5);

  private static final int NAME_ATTEMPTS = 3;

  private final NodeSession session;

  /// For one call, or one repair.
  public Removal(NodeSession session) {
    this.session = session;
  }

  /// Removes what can be removed. The caller holds the attachment's lock. Each VF is free for
  /// others as soon as it is restored, however long IPAM takes.
  ///
  /// @param env the environment for IPAM; the record's values take precedence
  /// @return what could not be removed; then the record stays
  public List<String> run(Attachment record, Map<String, String> env)
      throws CniException, StateException {
    List<String> left = new ArrayList<>();
    Optional<IpamRun<Boolean>> release;
    try (NodeSession.Devices devices = session.lock(record)) {
      begin(record);
      release = removeLinks(ownPart(record, devices), devices, Optional.of(env), left);
      if (release.isEmpty() || release.get().isDone() || !letGo(record, devices, left)) {
        await(record, release, left);
        if (left.isEmpty()) {
          devices.release(record.key());
          session.forget(record.key());
        }
        return left;
      }
    }
    await(record, release, left);
    if (left.isEmpty()) {
      session.forget(record.key());
    }
    return left;
  }

  /// Removes the links alone, or everything if there are only links. The caller holds the
  /// attachment's lock. This waits for nobody.
  ///
  /// @return whether nothing is left; if not, [#run] goes on
  public boolean runLinks(Attachment record) throws CniException, StateException {
    if (isNeededByIpam(record)) {
      return false;
    }
    List<String> left = new ArrayList<>();
    try (NodeSession.Devices devices = session.lock(record, Duration.ZERO)) {
      begin(record);
      Optional<IpamRun<Boolean>> _ =
          removeLinks(ownPart(record, devices), devices, Optional.empty(), left);
      left.forEach(session.node()::warn);
      boolean hasAddresses = hasAddresses(record);
      if (left.isEmpty() && !hasAddresses) {
        devices.release(record.key());
        session.forget(record.key());
        return true;
      }
      boolean _ = letGo(record, devices, left);
      return false;
    }
  }

  /// Whether the links must stay until IPAM has used them to give the addresses back.
  private boolean isNeededByIpam(Attachment record) throws CniException {
    Optional<PodNet> pod = PodNet.openIfThere(session.node(), record);
    pod.ifPresent(PodNet::close);
    try {
      return pod.isPresent()
          && ConfiguredIpam.releasing(new NetworkConfig(record.config()), session.node())
              .filter(IpamRun::needsInterface)
              .isPresent();
    } catch (CniException _) {
      // The release of the addresses reports what is wrong with it.
      return false;
    }
  }

  private boolean hasAddresses(Attachment record) {
    try {
      return ConfiguredIpam.releasing(new NetworkConfig(record.config()), session.node())
          .isPresent();
    } catch (CniException _) {
      // The release of the addresses reports what is wrong with it.
      return true;
    }
  }

  /// Marks the attachment: from here on every caller only removes it, and nobody repairs it into a
  /// pod that is going away. If the mark cannot be written (disk full, say), the removal goes on,
  /// since it frees space.
  private void begin(Attachment record) {
    if (record.phase() == Phase.COMPLETE) {
      boolean _ = isSaved(record.removing());
    }
  }

  private boolean isSaved(Attachment record) {
    try {
      session.records().save(record);
      return true;
    } catch (StateException e) {
      session.node().warn(e.getMessage());
      return false;
    }
  }

  /// Gives the VFs of an attachment back once only its addresses are left.
  private boolean letGo(Attachment record, NodeSession.Devices devices, List<String> left)
      throws StateException {
    if (!left.isEmpty() || !isSaved(record.removing().withVfs(List.of()))) {
      return false;
    }
    devices.release(record.key());
    return true;
  }

  private void await(Attachment record, Optional<IpamRun<Boolean>> release, List<String> left) {
    try {
      if (release.isPresent()) {
        release.get().result();
      }
    } catch (CniException e) {
      notReleased(record, e).ifPresent(left::add);
    }
  }

  /// What is left after a failed release; empty if the release can never succeed.
  private Optional<String> notReleased(Attachment record, CniException why) {
    Optional<String> lost = LostLease.of(record.config());
    lost.ifPresent(
        reason -> session.node().warn(record.key() + ": " + reason + "; " + why.getMessage()));
    return lost.isPresent() ? Optional.empty() : Optional.of(String.valueOf(why.getMessage()));
  }

  /// As [#run], for a caller that cannot go on if anything is left.
  public void runOrFail(Attachment record, Map<String, String> env)
      throws CniException, StateException {
    List<String> left = run(record, env);
    if (!left.isEmpty()) {
      throw new CniException(
          PluginErrorCodes.NOT_ALL_REMOVED,
          "an earlier attachment "
              + record.key()
              + " could not be removed: "
              + String.join("; ", left));
    }
  }

  /// The record without the VFs that another attachment has now.
  public static Attachment ownPart(Attachment record, NodeSession.Devices devices)
      throws StateException {
    List<SavedVf> own = new ArrayList<>();
    for (SavedVf vf : record.vfs()) {
      if (!devices.isElsewhere(vf.pci(), record.key())) {
        own.add(vf);
      }
    }
    return record.withVfs(own);
  }

  /// A plugin that needs the interface gives its addresses back while the interface is still there,
  /// up and addressed. For any other plugin we first remove the addresses from the node; from then
  /// on IPAM may give them to others, while the kernel takes the bond apart.
  ///
  /// @param env the environment for IPAM; empty if IPAM must not run
  private Optional<IpamRun<Boolean>> removeLinks(
      Attachment record,
      NodeSession.Devices devices,
      Optional<Map<String, String>> env,
      List<String> left)
      throws CniException {
    Optional<PodNet> there = PodNet.openIfThere(session.node(), record);
    // IPAM must not enter another pod.
    Attachment forIpam =
        there.isEmpty() && Files.exists(Path.of(record.netns())) ? record.withoutNetns() : record;
    try (PodNet pod = there.isPresent() ? there.get() : PodNet.hostOnly(session.node())) {
      left.addAll(devices.giveBackLinks(record.vfs().stream().map(SavedVf::pci).toList(), pod));
      NodeFacts facts = pod.observeArrived(record);
      PodTraces traces = pod.traces(record);
      Optional<Ipam> ipam = env.isPresent() ? ipam(record, left) : Optional.empty();
      LinkRef addressed = record.addressed();
      boolean comesFirst =
          ipam.filter(IpamRun::needsInterface).isPresent()
              && facts.link(addressed.place(), addressed.name()).isPresent();
      Optional<IpamRun<Boolean>> release = Optional.empty();
      if (comesFirst) {
        release = release(ipam.get(), record, env.orElseThrow(), left);
        release.ifPresent(run -> run.awaitEnd(IpamCall.RELEASE_PATIENCE));
      }
      Execution execution = new Execution(pod.kernel());
      List<ChangeFailedException> failures =
          new ArrayList<>(execution.runAll(AttachmentRemoval.addresses(record, facts)));
      if (!comesFirst && ipam.isPresent()) {
        release = release(ipam.get(), forIpam, env.orElseThrow(), left);
      }
      Plan rebinding = Rebinding.of(record, facts, traces, rebindRule());
      if (!rebinding.isEmpty()) {
        failures.addAll(rebind(rebinding, facts, execution));
        facts = pod.observe(record);
      }
      Set<PciAddress> rebound = rebound(rebinding);
      facts = namesSettled(record, facts, rebound, pod, execution);
      for (PciAddress missing : Rebinding.missing(record, facts)) {
        session
            .node()
            .warn(
                "the VF "
                    + missing
                    + " is neither in its pod nor on the host: its PF's side is restored, its"
                    + " interface is not");
      }
      List<ChangeFailedException> last = execution.runAll(AttachmentRemoval.plan(record, facts));
      for (int i = 1; i < NAME_ATTEMPTS && isNameTaken(last); i++) {
        // By a VF whose driver has made its interface since we looked.
        facts = namesSettled(record, pod.observe(record), rebound, pod, execution);
        last = execution.runAll(AttachmentRemoval.plan(record, facts));
      }
      failures.addAll(last);
      if (failures.isEmpty()) {
        // The first pass skips a link that was renamed meanwhile, and a driver may report success
        // for a change that it makes later or never. So we look again and find by identity whatever
        // is not yet restored. Nearly always that is nothing, which the links alone show.
        if (!AttachmentRemoval.plan(record, pod.observeLinks(record)).isEmpty()) {
          failures.addAll(execution.runAll(AttachmentRemoval.plan(record, pod.observe(record))));
        }
      }
      failures.stream().map(ChangeFailedException::getMessage).forEach(left::add);
      return release;
    }
  }

  /// The facts once the names of the attachment's links are free, or as far as they are: other
  /// removals may have VFs on their way home at the same time. If a name was taken before we could
  /// make way, the restoring finds that.
  private static NodeFacts namesSettled(
      Attachment record, NodeFacts seen, Set<PciAddress> rebound, PodNet pod, Execution execution)
      throws CniException {
    if (HomeNames.areFree(record, seen)) {
      return seen;
    }
    List<ChangeFailedException> _ = execution.runAll(HomeNames.makingWay(record, rebound, seen));
    return pod.observeUntil(
        () -> pod.observe(record), now -> HomeNames.areFree(record, now), NAME_LIMIT);
  }

  private static boolean isNameTaken(List<ChangeFailedException> failures) {
    return failures.stream()
        .filter(failure ->
            failure.change() instanceof Change.Rename || failure.change() instanceof Change.Move)
        .anyMatch(ChangeFailedException::isThereAlready);
  }

  private static Set<PciAddress> rebound(Plan rebinding) {
    Set<PciAddress> vfs = new HashSet<>();
    for (Step step : rebinding.steps()) {
      if (step.change() instanceof Change.Rebind(VfRef vf)) {
        vfs.add(vf.pci());
      }
    }
    return vfs;
  }

  /// An unreadable rule must not block the removal of a pod.
  private RebindRule rebindRule() {
    try {
      return session.node().settings().rebind();
    } catch (CniException e) {
      session.node().warn(e.getMessage() + ": VFs that come back are all rebound");
      return RebindRule.ALWAYS;
    }
  }

  /// @return what failed. A VF that had no driver before and still has none is only logged, since
  ///   somebody may have unbound it on purpose
  private List<ChangeFailedException> rebind(Plan plan, NodeFacts facts, Execution execution) {
    List<ChangeFailedException> left = new ArrayList<>();
    for (ChangeFailedException failure : execution.runAll(plan)) {
      if (failure.change() instanceof Change.Rebind(VfRef vf)
          && facts.vf(vf.pci()).flatMap(VfFacts::driver).isEmpty()) {
        session.node().warn(failure.getMessage());
      } else {
        left.add(failure);
      }
    }
    return left;
  }

  private Optional<Ipam> ipam(Attachment record, List<String> left) {
    try {
      return ConfiguredIpam.releasing(new NetworkConfig(record.config()), session.node());
    } catch (CniException e) {
      left.add(e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<IpamRun<Boolean>> release(
      Ipam ipam, Attachment record, Map<String, String> env, List<String> left) {
    try {
      Invocation deletion = IpamCall.deletion(record, new NetworkConfig(record.config()), env);
      return Optional.of(IpamRun.releasing(ipam, deletion));
    } catch (CniException e) {
      left.add(e.getMessage());
      return Optional.empty();
    }
  }
}
