package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.Place;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.link.Vf;
import dev.podbond.netlink.link.VfRate;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.node.wire.VfSettingsOnWire;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.Optional;

/// Makes VF settings through the PF. Right before each request we find the PF by the VF's address,
/// and address it by ifindex: its name may belong to another interface by now.
final class VfChanges {
  private final LinkLookup lookup;
  private final PciDevices devices;

  VfChanges(LinkLookup lookup, PciDevices devices) {
    this.lookup = lookup;
    this.devices = devices;
  }

  /// The kernel hands the settings to the driver one by one; if the driver refuses one, we put the
  /// earlier ones back.
  void apply(Change.SetVf set) throws Refusal, IOException {
    Reached reached = reach(set.vf().pci());
    Vf before = reached.vf();
    try {
      reached.send(set.settings(), before.rate());
    } catch (NetlinkException e) {
      if (!e.isAnswered()) {
        throw e;
      }
      putBack(set, before, e);
      throw e;
    }
  }

  private void putBack(Change.SetVf set, Vf before, NetlinkException cause)
      throws Refusal, IOException {
    Reached reached = reach(set.vf().pci());
    VfSettings back =
        VfSettingsOnWire.toPutBack(
            set.settings(), VfSettingsOnWire.decode(before), VfSettingsOnWire.decode(reached.vf()));
    if (back.isEmpty()) {
      return;
    }
    try {
      reached.send(back, before.rate());
    } catch (NetlinkException e) {
      throw new Refusal(
          cause.errno().symbol(),
          NodeKernel.reason(cause.errno(), cause.kernelMessage())
              + "; and "
              + back
              + " could not be put back: "
              + e.getMessage());
    }
  }

  private Reached reach(PciAddress pci) throws Refusal, IOException {
    Optional<VfDevice> found = devices.vf(pci);
    if (found.isEmpty()) {
      throw devices.isVf(pci)
          ? new Refusal(
              "ENODEV",
              "the PF of "
                  + pci
                  + " has no network interface on the host now: is its driver being loaded?")
          : new Refusal("ENXIO", "there is no VF at " + pci + " any more");
    }
    VfDevice device = found.get();
    Links links = lookup.at(Place.HOST).links();
    Link pf = links.getWithVfs(device.uplink().index());
    Optional<Vf> vf = pf.vf(device.ref().index());
    boolean isItsPf =
        pf.parentDeviceName()
            .flatMap(PciAddress::parse)
            .filter(device.uplink().pci()::equals)
            .isPresent();
    if (!isItsPf || vf.isEmpty()) {
      throw new Refusal(
          "ENODEV",
          pf.name()
              + (isItsPf
                  ? " is its PF and reports no VF " + device.ref().index()
                  : " has the interface index of its PF " + device.uplink().name() + " by now"));
    }
    return new Reached(links, pf, vf.get());
  }

  /// A VF and the interface through which its settings are made.
  private record Reached(Links links, Link pf, Vf vf) {
    void send(VfSettings settings, VfRate rate) throws NetlinkException {
      links.changeVf(pf.index(), VfSettingsOnWire.encode(vf.index(), settings, rate));
    }
  }
}
