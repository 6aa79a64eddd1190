package dev.podbond.agent.watch;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.cni.spec.CniArgs;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the watch keeps of a record, for as long as its pod lives: a record holds its
/// configuration, which may be long, and is read again when something is to be done.
///
/// @param netnsId which namespace was at the path `netns`
/// @param pod as Kubernetes names it, else its container
/// @param bond the bond's name, if the attachment has one
/// @param members how many members the bond was made with
record WatchedRecord(
    AttachmentKey key,
    String network,
    String netns,
    NetnsId netnsId,
    Phase phase,
    String pod,
    Optional<String> bond,
    int members,
    Set<PciAddress> vfs) {
  /// Longer names are cut: Kubernetes has none that are.
  private static final int MAX_POD_CHARS = 512;

  WatchedRecord {
    vfs = Set.copyOf(vfs);
  }

  static WatchedRecord of(Attachment record) {
    return new WatchedRecord(
        record.key(),
        record.network(),
        record.netns(),
        record.origin().netns(),
        record.phase(),
        pod(record),
        record.bond().map(BondNames::name),
        record.members().size() + record.vfs().size(),
        record.vfs().stream().map(SavedVf::pci).collect(Collectors.toSet()));
  }

  private static String pod(Attachment record) {
    CniArgs args = new CniArgs(record.origin().cniArgs());
    Optional<String> name = args.get("K8S_POD_NAME");
    String pod =
        name.isPresent()
            ? args.get("K8S_POD_NAMESPACE").orElse("default") + "/" + name.get()
            : record.key().containerId();
    return pod.length() > MAX_POD_CHARS ? pod.substring(0, MAX_POD_CHARS) : pod;
  }
}
