package dev.podbond.plugins;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.PluginMissingException;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.StateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// DEL: by the record where there is one, whatever the configuration says by now.
final class Detaching {
  private final NodeSession session;

  Detaching(NodeSession session) {
    this.session = session;
  }

  /// @param blueprint what the configuration wants; empty if it makes no sense
  void run(Invocation call, Optional<Blueprint> blueprint) throws CniException {
    AttachmentKey key = new AttachmentKey(call.containerId(), call.ifname());
    List<String> left;
    try (HeldLock _ = session.lock(key)) {
      Optional<Attachment> record = session.record(key);
      left =
          record.isPresent()
              ? new Removal(session).run(record.get(), call.env())
              : removeUnrecorded(call, key, blueprint);
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
      Invocation call, AttachmentKey key, Optional<Blueprint> blueprint) throws StateException {
    List<String> left = new ArrayList<>();
    session.releaseClaims(key);
    if (blueprint.isPresent() && call.netns().isPresent()) {
      try {
        left.addAll(removeLinks(call, blueprint.get()));
      } catch (CniException e) {
        left.add(e.getMessage());
      }
    }
    releaseUnrecorded(call).ifPresent(left::add);
    return left;
  }

  /// An ADD that was refused is followed by DEL: a plugin that is not on this node, or no plugin at
  /// all, has given no address.
  private Optional<String> releaseUnrecorded(Invocation call) {
    Optional<Ipam> ipam;
    try {
      ipam = Ipam.of(call.config(), session.node().ipam());
    } catch (CniException e) {
      session.node().warn("no address is released: " + e.getMessage());
      return Optional.empty();
    }
    try {
      if (ipam.isPresent()) {
        ipam.get().del(call);
      }
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

  private List<String> removeLinks(Invocation call, Blueprint blueprint) throws CniException {
    Optional<PodAccess> pod = PodAccess.openIfThere(session, call.netns().map(Path::toString));
    if (pod.isEmpty()) {
      return List.of();
    }
    try (PodAccess access = pod.get()) {
      return new Execution(access.kernel())
          .runAll(blueprint.removeUnrecorded(access.observe(blueprint))).stream()
              .map(ChangeFailedException::getMessage)
              .toList();
    }
  }
}
