package dev.podbond.plugins;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.node.state.StateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes one recorded attachment away: first everything on the node, then its addresses, and the
/// record last, so that whatever is left over is tried again. Serves DEL, GC, and the ADD that
/// finds what a killed one left.
final class Removal {
  private final NodeSession session;

  Removal(NodeSession session) {
    this.session = session;
  }

  /// Removes what can be removed. The attachment's lock is held by the caller.
  ///
  /// @param env in which IPAM is run, as far as the record does not know better
  /// @return what could not be removed; then the record stays
  List<String> run(Attachment record, Map<String, String> env) throws CniException, StateException {
    try (NodeSession.Devices devices = session.lock(record)) {
      List<String> left = new ArrayList<>();
      Optional<IpamRun<Boolean>> release = removeLinks(ownPart(record, devices), env, left);
      try {
        if (release.isPresent()) {
          release.get().result();
        }
      } catch (CniException e) {
        notReleased(record, e).ifPresent(left::add);
      }
      if (left.isEmpty()) {
        devices.release(record.key());
        session.records().remove(record.key());
      }
      return left;
    }
  }

  /// What is left of a release that failed; nothing of one that can never succeed.
  private Optional<String> notReleased(Attachment record, CniException why) {
    Optional<String> lost = LostLease.of(record.config());
    lost.ifPresent(
        reason -> session.node().warn(record.key() + ": " + reason + "; " + why.getMessage()));
    return lost.isPresent() ? Optional.empty() : Optional.of(String.valueOf(why.getMessage()));
  }

  /// As [#run], for who cannot go on with anything left over.
  void runOrFail(Attachment record, Map<String, String> env) throws CniException, StateException {
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

  /// The record without the VFs that another attachment has by now.
  static Attachment ownPart(Attachment record, NodeSession.Devices devices) throws StateException {
    List<SavedVf> own = new ArrayList<>();
    for (SavedVf vf : record.vfs()) {
      if (!devices.isElsewhere(vf.pci(), record.key())) {
        own.add(vf);
      }
    }
    return record.withVfs(own);
  }

  /// The addresses leave the node first; from then on IPAM may give them to others, while the
  /// kernel takes the bond apart.
  private Optional<IpamRun<Boolean>> removeLinks(
      Attachment record, Map<String, String> env, List<String> left) throws CniException {
    Optional<PodAccess> there = PodAccess.openIfThere(session, record);
    // IPAM is not led into another pod.
    Attachment forIpam =
        there.isEmpty() && Files.exists(Path.of(record.netns())) ? record.withoutNetns() : record;
    try (PodAccess pod = there.isPresent() ? there.get() : PodAccess.hostOnly(session)) {
      NodeFacts facts = pod.observeArrived(record);
      for (SavedVf missing : PodAccess.missingVfs(record, facts)) {
        session
            .node()
            .warn(
                missing.vf()
                    + " is neither in its pod nor on the host: its PF's side is restored, its"
                    + " interface is not");
      }
      Execution execution = new Execution(pod.kernel());
      List<ChangeFailedException> failures =
          new ArrayList<>(execution.runAll(BondPlanner.unaddress(record, facts)));
      Optional<IpamRun<Boolean>> release = releaseAddresses(forIpam, env, left);
      failures.addAll(execution.runAll(BondPlanner.dismantle(record, facts)));
      failures.stream().map(ChangeFailedException::getMessage).forEach(left::add);
      return release;
    }
  }

  private Optional<IpamRun<Boolean>> releaseAddresses(
      Attachment record, Map<String, String> env, List<String> left) {
    try {
      NetworkConfig config = new NetworkConfig(record.config());
      Optional<Ipam> ipam = Ipam.of(config, session.node().ipam());
      if (ipam.isEmpty()) {
        return Optional.empty();
      }
      Invocation deletion = deletion(record, config, env);
      return Optional.of(
          IpamRun.of(
              ipam.get(),
              () -> {
                ipam.get().del(deletion);
                return true;
              }));
    } catch (CniException e) {
      left.add(e.getMessage());
      return Optional.empty();
    }
  }

  /// The DEL of the recorded attachment as IPAM is to see it, whoever asked for the removal.
  private static Invocation deletion(
      Attachment record, NetworkConfig config, Map<String, String> callers) throws CniException {
    Map<String, String> env = new HashMap<>(callers);
    env.putIfAbsent("CNI_PATH", record.origin().cniPath());
    env.putIfAbsent("CNI_ARGS", record.origin().cniArgs());
    env.put("CNI_COMMAND", CniCommand.DEL.name());
    env.put("CNI_CONTAINERID", record.key().containerId());
    env.put("CNI_IFNAME", record.key().ifname());
    env.put("CNI_NETNS", record.netns());
    return new Invocation(
        CniCommand.DEL,
        record.key().containerId(),
        Optional.of(record.netns()).filter(path -> !path.isEmpty()).map(Path::of),
        record.key().ifname(),
        new CniArgs(env.getOrDefault("CNI_ARGS", "")),
        config,
        CniVersion.of(config.versionText()).orElse(CniVersion.DEFAULT),
        env);
  }
}
