package dev.podbond.plugins.removal;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.plan.Rebinding;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A VF that no bond accepts, although it is in no visible bond: a device in another network
/// namespace takes its traffic, for example a macvlan or ipvlan that an earlier pod put on it
/// (`netdev_is_rx_handler_busy`).
///
/// @param own whether the VF is the attachment's own; otherwise another attachment brought it into
///   the pod
public record StackedVf(PciAddress pci, boolean own) {
  /// The VF that made an ADD fail for this reason, if there is one.
  ///
  /// @param seen the facts that the ADD rested on
  public static Optional<StackedVf> of(
      ChangeFailedException failure, Attachment attachment, NodeFacts seen) {
    if (!(failure.change() instanceof Change.Enslave enslave) || !failure.errno().equals("EBUSY")) {
      return Optional.empty();
    }
    Set<PciAddress> own =
        attachment.vfs().stream().map(SavedVf::pci).collect(Collectors.toUnmodifiableSet());
    return Stream.concat(
            attachment.vfs().stream().flatMap(vf -> vf.link().stream()),
            attachment.members().stream())
        .filter(link -> link.podName().equals(enslave.member().name()))
        .flatMap(link -> link.pci().stream())
        .filter(pci -> seen.vf(pci).isPresent())
        .findFirst()
        .map(pci -> new StackedVf(pci, own.contains(pci)));
  }

  /// Why the bond does not accept it.
  public String cause() {
    return "the VF "
        + pci
        + " is in no bond that can be seen: something in another network namespace stands on it,"
        + " such as a macvlan or an ipvlan that an earlier pod left there";
  }

  /// How to end that by hand, if we do not know an attachment that may rebind the VF.
  public String byHand() {
    return "rebinding the VF ends that; as root, when it is out of the pod: d=$(readlink -f"
        + " /sys/bus/pci/devices/"
        + pci
        + "/driver); echo "
        + pci
        + " > $d/unbind; echo "
        + pci
        + " > $d/bind";
  }

  /// The plan that frees it.
  public Plan rebinding(NodeFacts facts) {
    return Rebinding.all(List.of(pci), facts);
  }
}
