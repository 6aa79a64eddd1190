package dev.podbond.bonding.preflight;

import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A VF's settings on its PF's side, whoever describes them: the PF itself on a node, or the
/// SriovNetwork that a cluster's pods are going to ask for. What is empty is not known.
public interface VfView {
  /// Whether the VF may change its MAC.
  Optional<Boolean> trust();

  /// Whether frames with another MAC than the VF's are dropped.
  Optional<Boolean> spoofCheck();

  /// Whether its carrier follows its PF's.
  Optional<VfLinkState> linkState();

  /// The VLAN that its PF puts it into.
  Optional<VfVlan> vlan();

  /// The VLANs that VFs are in, as far as they are known. A bond whose members are in more than one
  /// changes its network with a failover.
  static Set<VfVlan> vlans(List<? extends VfView> vfs) {
    return vfs.stream()
        .flatMap(vf -> vf.vlan().stream())
        .map(vlan -> vlan.id() == 0 ? VfVlan.NONE : vlan)
        .collect(Collectors.toSet());
  }
}
