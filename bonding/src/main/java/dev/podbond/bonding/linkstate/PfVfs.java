package dev.podbond.bonding.linkstate;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.util.List;
import java.util.Optional;

/// The VFs of a PF as they are now.
///
/// @param pf its PCI address
/// @param bootId of the node's present boot
/// @param vfs none if there is no such PF any more
public record PfVfs(PciAddress pf, String bootId, List<Vf> vfs) {
  /// One of them.
  ///
  /// @param linkState as its PF reports it; empty if it does not
  public record Vf(VfRef ref, Optional<VfLinkState> linkState) {
    boolean is(VfLinkState state) {
      return linkState.equals(Optional.of(state));
    }
  }

  /// Copies the list.
  public PfVfs {
    vfs = List.copyOf(vfs);
  }

  /// One of them, if it is there.
  public Optional<Vf> vf(PciAddress pci) {
    return vfs.stream().filter(vf -> vf.ref().pci().equals(pci)).findFirst();
  }
}
