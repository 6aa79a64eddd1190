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

/// VF settings through the PF, which is looked for by the VF's address right before each request
/// and asked by its ifindex: its name may be another one's by now.
final class VfChanges {
  private final LinkLookup lookup;
  private final PciDevices devices;

  VfChanges(LinkLookup lookup, PciDevices devices) {
    this.lookup = lookup;
    this.devices = devices;
  }

  /// The kernel hands one setting after the other to the driver; if that refuses one, those before
  /// it are put back.
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

  /// A VF and the interface through which it is set.
  private record Reached(Links links, Link pf, Vf vf) {
    void send(VfSettings settings, VfRate rate) throws NetlinkException {
      links.changeVf(pf.index(), VfSettingsOnWire.encode(vf.index(), settings, rate));
    }
  }
}
