package dev.podbond.node.lldp;

import dev.podbond.bonding.lldp.Heard;
import dev.podbond.bonding.lldp.Lldpdu;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.netlink.netns.PacketSocket;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.KeptSockets;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.Uplink;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Listens on the PFs' own interfaces on the host, before what they are members of there does: one
/// packet socket for each, with which the interface is a member of LLDP's groups. As long as
/// nothing is wrong with a socket, the kernel is asked for nothing but what has come in. Not for
/// use by several threads.
public final class PfLldpReceiver implements LldpReceiver {
  /// Of one PF in one look. A device speaks once in 30 s, and once a second after its start.
  static final int MOST_READ = 16;

  private static final PacketFilter FILTER = LldpFilter.filter();

  private final PciDevices devices;
  private final KeptSockets<PciAddress, List<HardwareAddress>> ears = new KeptSockets<>();

  /// @param devices the PCI functions of the node
  public PfLldpReceiver(PciDevices devices) {
    this.devices = devices;
  }

  @Override
  public Map<PciAddress, Heard> hear(Set<PciAddress> pfs) {
    Set<PciAddress> deaf = deaf(pfs);
    if (!deaf.isEmpty()) {
      try (Rtnetlink host = Rtnetlink.open()) {
        deaf.forEach(pf -> begin(pf, host));
      } catch (IOException _) {
        // The next look tries again.
      }
    }
    return heard();
  }

  Map<PciAddress, Heard> hear(Set<PciAddress> pfs, Rtnetlink host) {
    deaf(pfs).forEach(pf -> begin(pf, host));
    return heard();
  }

  /// On which of them nobody listens yet.
  private Set<PciAddress> deaf(Set<PciAddress> pfs) {
    ears.giveUpAllBut(pfs);
    Set<PciAddress> deaf = new TreeSet<>(pfs);
    deaf.removeAll(ears.places());
    return deaf;
  }

  private void begin(PciAddress pf, Rtnetlink host) {
    try {
      Optional<Uplink> uplink = devices.uplink(pf);
      Optional<Link> link =
          uplink.isEmpty() ? Optional.empty() : host.links().find(uplink.get().index());
      // On one that is down a socket fails with the first look.
      if (link.isPresent() && link.get().isUp() && link.get().hardwareType() == Link.ARPHRD_ETHER) {
        int index = link.get().index();
        PacketSocket _ = ears.at(pf, index, LldpFilter.GROUPS, () -> open(host, index));
      }
    } catch (IOException _) {
      // As when its interface goes meanwhile. The next look tries again.
    }
  }

  private static PacketSocket open(Rtnetlink host, int link) throws LinuxException {
    PacketSocket socket = PacketSocket.open(host.netns(), link, FILTER);
    try {
      for (HardwareAddress group : LldpFilter.GROUPS) {
        socket.join(group);
      }
    } catch (LinuxException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  private Map<PciAddress, Heard> heard() {
    Map<PciAddress, Heard> heard = new TreeMap<>();
    ears.listen((pf, _, socket) -> heard.put(pf, heard(socket)));
    ears.closeGivenUp();
    return heard;
  }

  private static Heard heard(PacketSocket socket) throws LinuxException {
    List<byte[]> frames = new ArrayList<>();
    KeptSockets.drain(
        socket,
        frame -> {
          if (frames.size() <= MOST_READ) {
            frames.add(frame);
          }
        });
    return new Heard(
        frames.stream().limit(MOST_READ).flatMap(frame -> lldpdu(frame).stream()).toList(),
        socket.hasDropped() || frames.size() > MOST_READ);
  }

  private static Optional<Lldpdu> lldpdu(byte[] frame) {
    return Lldpdu.parse(
        Arrays.copyOfRange(frame, Math.min(EthernetHeader.BYTES, frame.length), frame.length));
  }

  @Override
  public void stop() {
    ears.giveUpAllBut(Set.of());
    ears.closeGivenUp();
  }
}
