package dev.podbond.node.observe;

import dev.podbond.bonding.linkstate.PfVfs;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.Vf;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.node.sysfs.Uplink;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the link states of all VFs of a PF, by one question to the kernel.
public final class PfVfReader {
  private final PciDevices devices;

  /// @param devices the PCI functions of the node
  public PfVfReader(PciDevices devices) {
    this.devices = devices;
  }

  /// The VFs as they are now: none if there is no such PF any more. Empty if the PF cannot be
  /// asked, since it has no interface on the host now.
  ///
  /// @throws IOException if the kernel or sysfs cannot be read
  public Optional<PfVfs> read(PciAddress pf) throws IOException {
    Optional<PfDevice> device = devices.pf(pf);
    if (device.isEmpty()) {
      boolean isThere = devices.pfOf(pf).equals(Optional.of(pf));
      return isThere ? Optional.empty() : Optional.of(vfs(pf, List.of()));
    }
    Optional<Uplink> uplink = devices.uplink(pf);
    if (uplink.isEmpty()) {
      return Optional.empty();
    }
    try (Rtnetlink host = Rtnetlink.open()) {
      Optional<Link> link =
          host.links()
              .findWithVfs(uplink.get().index())
              .filter(found -> NodeObserver.isFunction(found, pf));
      return link.isEmpty()
          ? Optional.empty()
          : Optional.of(vfs(pf, read(device.get(), link.get())));
    }
  }

  private List<PfVfs.Vf> read(PfDevice pf, Link link) throws IOException {
    List<PfVfs.Vf> vfs = new ArrayList<>();
    for (VfDevice vf : devices.vfsOf(pf)) {
      vfs.add(new PfVfs.Vf(vf.ref(), link.vf(vf.ref().index()).flatMap(Vf::linkState)));
    }
    return vfs;
  }

  private static PfVfs vfs(PciAddress pf, List<PfVfs.Vf> vfs) {
    return new PfVfs(pf, NetnsIds.bootId(), vfs);
  }
}
