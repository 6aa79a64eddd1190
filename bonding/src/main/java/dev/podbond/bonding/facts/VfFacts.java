package dev.podbond.bonding.facts;

import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A virtual function as observed.
///
/// @param pfSide what the PF says of it
/// @param driver the bound kernel driver, as `igbvf` or `vfio-pci`; empty if none is bound
/// @param link its network interface where one was found; empty for a VF without a netdev or one
///   that lives in some other pod
public record VfFacts(
    VfRef ref, PfFacts pf, VfSettings pfSide, Optional<String> driver, Optional<LinkRef> link) {
  public PciAddress pci() {
    return ref.pci();
  }

  /// Whether it is bound to a driver that hands it to user space and has no network interface.
  public boolean isUserspaceDriven() {
    return driver
        .filter(name ->
            name.equals("vfio-pci") || name.equals("uio_pci_generic") || name.equals("igb_uio"))
        .isPresent();
  }
}
