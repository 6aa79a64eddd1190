package dev.podbond.plugins.verb;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.PluginMissingException;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.attachment.AttachmentSpec;
import dev.podbond.plugins.ipam.ConfiguredIpam;
import dev.podbond.plugins.ipam.IpamCall;
import dev.podbond.plugins.ipam.IpamRun;
import dev.podbond.plugins.ipam.LostLease;
import dev.podbond.plugins.removal.Removal;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PluginErrorCodes;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.AttachmentKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// DEL: follows the record if there is one, whatever the configuration says now.
public final class Del {
  private final NodeSession session;

  /// For one call.
  public Del(NodeSession session) {
    this.session = session;
  }

  /// Removes the attachment, or what is left of it. Nothing to remove is a success.
  ///
  /// @param spec what the configuration wants; empty if it makes no sense
  /// @throws CniException with code 104 naming what is left; the next DEL tries again
  public void run(Invocation call, Optional<AttachmentSpec> spec) throws CniException {
    AttachmentKey key = new AttachmentKey(call.containerId(), call.ifname());
    List<String> left;
    try (HeldLock _ = session.lock(key)) {
      Optional<Attachment> record = session.record(key);
      left =
          record.isPresent()
              ? new Removal(session).run(record.get(), call.env())
              : removeUnrecorded(call, key, spec);
    } catch (StateException e) {
      throw session.failure(e);
    }
    if (!left.isEmpty()) {
      throw new CniException(
          PluginErrorCodes.NOT_ALL_REMOVED,
          "removed what could be removed of " + key + "; left: " + String.join("; ", left));
    }
  }

  private List<String> removeUnrecorded(
      Invocation call, AttachmentKey key, Optional<AttachmentSpec> spec) throws StateException {
    List<String> left = new ArrayList<>();
    session.releaseClaims(key);
    Optional<IpamRun<Boolean>> release = Optional.empty();
    if (spec.isPresent() && call.netns().isPresent()) {
      try {
        release = removeLinks(call, spec.get(), left);
      } catch (CniException e) {
        left.add(e.getMessage());
      }
    }
    if (release.isEmpty()) {
      release = release(call);
    }
    release.flatMap(run -> failure(call, run)).ifPresent(left::add);
    return left;
  }

  private Optional<Ipam> ipam(Invocation call) {
    try {
      return ConfiguredIpam.releasing(call.config(), session.node());
    } catch (CniException e) {
      session.node().warn("no address is released: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<IpamRun<Boolean>> release(Invocation call) {
    return ipam(call).map(plugin -> IpamRun.releasing(plugin, call));
  }

  /// The failure of a release, unless no address can be left. A runtime also sends DEL after a
  /// refused ADD: an IPAM plugin that is not installed has given no address.
  private Optional<String> failure(Invocation call, IpamRun<Boolean> release) {
    try {
      release.result();
      return Optional.empty();
    } catch (CniException e) {
      if (e.getCause() instanceof PluginMissingException
          || LostLease.of(call.config().json()).isPresent()) {
        session.node().warn("no address is released: " + e.getMessage());
        return Optional.empty();
      }
      return Optional.of(e.getMessage());
    }
  }

  /// @return the release of the addresses, if it had to run before the links were removed
  private Optional<IpamRun<Boolean>> removeLinks(
      Invocation call, AttachmentSpec spec, List<String> left) throws CniException {
    Optional<PodNet> pod = PodNet.openIfThere(session.node(), call.netns().map(Path::toString));
    if (pod.isEmpty()) {
      return Optional.empty();
    }
    try (PodNet access = pod.get()) {
      NodeFacts facts = access.observe(spec);
      Plan plan = spec.removeUnrecorded(facts);
      Optional<IpamRun<Boolean>> release = Optional.empty();
      if (!plan.isEmpty() && ipam(call).filter(IpamRun::needsInterface).isPresent()) {
        release = release(IpamCall.named(call, spec.vlan(facts).orElse(call.ifname())));
        release.ifPresent(run -> run.awaitEnd(IpamCall.RELEASE_PATIENCE));
      }
      new Execution(access.kernel())
          .runAll(plan).stream().map(ChangeFailedException::getMessage).forEach(left::add);
      return release;
    }
  }
}
