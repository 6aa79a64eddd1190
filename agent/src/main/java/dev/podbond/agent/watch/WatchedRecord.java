package dev.podbond.agent.watch;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.GivenAddresses;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.net.Inet6Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The part of a record that the watch keeps while its pod lives. A record also holds its
/// configuration, which may be long; so repairs read the whole record again.
///
/// @param network as people and the cluster name it
/// @param netnsId identifies the namespace that was at the path `netns`
/// @param pod the pod's namespace and name in Kubernetes, otherwise its container's id
/// @param podUid its uid in Kubernetes, if the runtime named one
/// @param bond the bond's name, if the attachment has one
/// @param members the bond's members at ADD
/// @param addressed the name of the interface that carries its addresses
/// @param addresses its IPv6 addresses; duplicate address detection may find one of them on another
///   host
record WatchedRecord(
    AttachmentKey key,
    String network,
    String netns,
    NetnsId netnsId,
    Phase phase,
    String pod,
    Optional<String> podUid,
    Optional<String> bond,
    List<ConfiguredMember> members,
    String addressed,
    List<Inet6Address> addresses,
    Set<PciAddress> vfs) {
  /// Longer names are cut; Kubernetes does not allow such names.
  private static final int MAX_POD_CHARS = 512;

  /// As the API server makes them. For a pod of a file on the node, kubelet names a digest of that
  /// file instead, and the pod that stands for it at the API server has another uid: such a pod has
  /// its name alone.
  private static final Pattern UID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  WatchedRecord {
    members = List.copyOf(members);
    addresses = List.copyOf(addresses);
    vfs = Set.copyOf(vfs);
  }

  /// The part of a record.
  ///
  /// @param hardware adds to a member what the node says of its hardware
  static WatchedRecord of(Attachment record, UnaryOperator<ConfiguredMember> hardware) {
    CniArgs args = new CniArgs(record.origin().cniArgs());
    return new WatchedRecord(
        record.key(),
        record.shownNetwork(),
        record.netns(),
        record.origin().netns(),
        record.phase(),
        pod(record, args),
        args.get("K8S_POD_UID").filter(uid -> UID.matcher(uid).matches()),
        record.bond().map(BondNames::name),
        // What is asked of the node for each is of no use without a bond.
        record.bond().isEmpty()
            ? List.of()
            : ConfiguredMember.of(record).stream().map(hardware).toList(),
        record.addressed().name(),
        GivenAddresses.of(record),
        record.vfs().stream().map(SavedVf::pci).collect(Collectors.toSet()));
  }

  /// The bond's members at ADD, with what the ports of their PFs are plugged into.
  List<ConfiguredMember> members(Map<PciAddress, Cabling> cabling) {
    return cabling.isEmpty()
        ? members
        : members.stream().map(member -> member.plugged(cabling)).toList();
  }

  private static String pod(Attachment record, CniArgs args) {
    String pod = args.pod().orElseGet(record.key()::containerId);
    return pod.length() > MAX_POD_CHARS ? pod.substring(0, MAX_POD_CHARS) : pod;
  }
}
