package dev.podbond.bonding.facts;

import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A virtual function as observed.
///
/// @param pfSide the PF's settings for it
/// @param driver the bound kernel driver, such as `igbvf` or `vfio-pci`; empty if no driver is
///   bound
/// @param link its network interface if we found one; empty for a VF without a netdev or with one
///   in some other pod
public record VfFacts(
    VfRef ref, PfFacts pf, VfSettings pfSide, Optional<String> driver, Optional<LinkRef> link) {
  public PciAddress pci() {
    return ref.pci();
  }

  /// The same VF with other settings.
  public VfFacts withPfSide(VfSettings settings) {
    return new VfFacts(ref, pf, settings, driver, link);
  }

  /// Whether it is bound to a driver that gives it to user space and makes no network interface.
  public boolean isUserspaceDriven() {
    return driver
        .filter(name ->
            name.equals("vfio-pci") || name.equals("uio_pci_generic") || name.equals("igb_uio"))
        .isPresent();
  }
}
