package dev.podbond.plugins.verb;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.NetworkInvocation;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.ipam.ConfiguredIpam;
import dev.podbond.plugins.removal.Removal;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PluginErrorCodes;
import dev.podbond.value.AttachmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// GC: frees every attachment of the network that the runtime no longer knows. It goes on after
/// failures and reports them at the end (CNI spec 1.1.0, "GC").
public final class Gc {
  private final NodeSession session;

  /// For one call.
  public Gc(NodeSession session) {
    this.session = session;
  }

  /// The attachments of the network, compared with the runtime's list.
  ///
  /// @param unknown those that the runtime no longer knows
  /// @param otherNames IPAM's keys of those that it still knows, where IPAM's key differs
  private record Sorted(List<AttachmentKey> unknown, List<AttachmentKey> otherNames) {}

  /// Frees the attachments that the runtime does not list as valid.
  ///
  /// @throws CniException with code 104 naming what is left
  public void run(NetworkInvocation call) throws CniException {
    List<String> left = new ArrayList<>();
    Optional<List<AttachmentKey>> valid = call.config().validAttachments();
    if (valid.isEmpty()) {
      collectIpam(call, left);
    } else {
      try {
        Sorted sorted = sort(call, valid.get());
        remove(sorted.unknown(), call, left);
        collectIpam(withValid(call, valid.get(), sorted.otherNames()), left);
      } catch (StateException e) {
        left.add(e.getMessage());
      }
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

  private void collectIpam(NetworkInvocation call, List<String> left) {
    try {
      Optional<Ipam> ipam = ConfiguredIpam.releasing(call.config(), session.node());
      if (ipam.isPresent()) {
        ipam.get().gc(call);
      }
    } catch (CniException e) {
      left.add(e.getMessage());
    }
  }

  private void remove(List<AttachmentKey> unknown, NetworkInvocation call, List<String> left)
      throws CniException {
    try {
      for (AttachmentKey key : unknown) {
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

  /// Adds the attachments that IPAM knows by the name of a VLAN interface: otherwise IPAM would
  /// take them for leftovers.
  private static NetworkInvocation withValid(
      NetworkInvocation call, List<AttachmentKey> valid, List<AttachmentKey> otherNames) {
    if (otherNames.isEmpty()) {
      return call;
    }
    JsonArray all =
        NetworkConfig.attachments(Stream.concat(valid.stream(), otherNames.stream()).toList());
    JsonObject config = call.config().json();
    for (String key : List.of(NetworkConfig.VALID_ATTACHMENTS, NetworkConfig.ATTACHMENTS)) {
      config = config.withoutAny(key).with(key, all);
    }
    return new NetworkInvocation(
        call.command(), new NetworkConfig(config), call.version(), call.env());
  }

  /// Reads records one by one, and later once more to free them, since there may be many.
  private Sorted sort(NetworkInvocation call, List<AttachmentKey> valid)
      throws CniException, StateException {
    String network = call.config().name();
    Set<AttachmentKey> known = Set.copyOf(valid);
    List<AttachmentKey> unknown = new ArrayList<>();
    List<AttachmentKey> otherNames = new ArrayList<>();
    session
        .records()
        .forEach(
            record -> {
              AttachmentKey key = record.key();
              if (!record.network().equals(network) || !record.plugin().equals(session.plugin())) {
                return;
              }
              if (!known.contains(key)) {
                unknown.add(key);
              } else if (!record.ipamIfname().equals(key.ifname())) {
                otherNames.add(new AttachmentKey(key.containerId(), record.ipamIfname()));
              }
            },
            session.node()::warn);
    return new Sorted(unknown, otherNames);
  }
}
