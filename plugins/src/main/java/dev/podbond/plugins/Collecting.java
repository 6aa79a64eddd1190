package dev.podbond.plugins;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.NetworkInvocation;
import dev.podbond.cni.spec.AttachmentId;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.StateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// GC: frees every attachment of the network that the runtime no longer knows, goes on after
/// failures, and reports them at the end (CNI spec 1.1.0, "GC").
final class Collecting {
  private final NodeSession session;

  Collecting(NodeSession session) {
    this.session = session;
  }

  void run(NetworkInvocation call) throws CniException {
    List<String> left = new ArrayList<>();
    Optional<List<AttachmentId>> valid = call.config().validAttachments();
    if (valid.isPresent()) {
      collect(call, valid.get(), left);
    }
    try {
      Optional<Ipam> ipam = Ipam.of(call.config(), session.node().ipam());
      if (ipam.isPresent()) {
        ipam.get().gc(call);
      }
    } catch (CniException e) {
      left.add(e.getMessage());
    }
    if (!left.isEmpty()) {
      throw new CniException(
          PluginErrorCodes.NOT_ALL_REMOVED,
          "freed what could be freed of network "
              + call.config().name()
              + "; left: "
              + String.join("; ", left));
    }
  }

  private void collect(NetworkInvocation call, List<AttachmentId> valid, List<String> left)
      throws CniException {
    try {
      AttachmentStore.Listing listing = session.records().list();
      listing.damaged().forEach(damaged -> session.node().warn(damaged.toString()));
      for (Attachment record : listing.ofNetwork(call.config().name())) {
        AttachmentId id = new AttachmentId(record.key().containerId(), record.key().ifname());
        if (record.plugin().equals(session.plugin()) && !valid.contains(id)) {
          try (HeldLock _ = session.lock(record.key())) {
            left.addAll(new Removal(session).run(record, call.env()));
          }
        }
      }
    } catch (StateException e) {
      left.add(e.getMessage());
    }
  }
}
