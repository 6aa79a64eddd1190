package dev.podbond.plugins;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.NetworkInvocation;
import dev.podbond.cni.spec.AttachmentId;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.StateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
      for (AttachmentKey key : unknown(call, valid)) {
        try (HeldLock _ = session.lock(key)) {
          Optional<Attachment> record = session.record(key);
          if (record.isPresent()) {
            left.addAll(new Removal(session).run(record.get(), call.env()));
          }
        }
      }
    } catch (StateException e) {
      left.add(e.getMessage());
    }
  }

  /// The attachments of the network that nobody knows any more. Their records are read one by one,
  /// here and again when it is their turn, since there may be many.
  private List<AttachmentKey> unknown(NetworkInvocation call, List<AttachmentId> valid)
      throws CniException, StateException {
    String network = call.config().name();
    Set<AttachmentId> known = Set.copyOf(valid);
    List<AttachmentKey> unknown = new ArrayList<>();
    session
        .records()
        .forEach(
            record -> {
              AttachmentKey key = record.key();
              if (record.network().equals(network)
                  && record.plugin().equals(session.plugin())
                  && !known.contains(new AttachmentId(key.containerId(), key.ifname()))) {
                unknown.add(key);
              }
            },
            session.node()::warn);
    return unknown;
  }
}
