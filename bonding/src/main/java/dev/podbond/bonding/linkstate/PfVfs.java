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
  /// @param linkState empty if the PF does not report it
  public record Vf(VfRef ref, Optional<VfLinkState> linkState) {
    boolean is(DisabledVf other) {
      return ref.pci().equals(other.pci()) && ref.index() == other.index();
    }

    boolean isDisabled() {
      return linkState.equals(Optional.of(VfLinkState.DISABLE));
    }
  }

  /// Copies the list.
  public PfVfs {
    vfs = List.copyOf(vfs);
  }

  Optional<Vf> vf(DisabledVf disabled) {
    return vfs.stream().filter(vf -> vf.is(disabled)).findFirst();
  }
}
