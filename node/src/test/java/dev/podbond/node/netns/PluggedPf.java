package dev.podbond.node.netns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.kernel.NodeKernel;
import dev.podbond.node.sysfs.FakeSysfs;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A PF whose interface is in one namespace, the host, and the other end of its cable in another,
/// the network. Both ends are down until somebody brings them up.
public final class PluggedPf implements AutoCloseable {
  /// The PF.
  public static final PciAddress PCI = FakeSysfs.pci("0000:01:00.0");

  /// Its interface on the host.
  public static final String NAME = "ens1f0";

  /// The other end of its cable.
  public static final String FAR = "sw1";

  private final TwoNamespaces two;
  private final PciDevices devices;
  private final int index;

  private PluggedPf(TwoNamespaces two, Path sysfs) throws IOException {
    this.two = two;
    host().links().create(NewLink.veth(NAME, FAR, network().netns()));
    this.index = host().links().get(NAME).index();
    new FakeSysfs(sysfs).pf(PCI.toString(), NAME, 8).ifindex(PCI.toString(), NAME, index);
    this.devices = new PciDevices(sysfs);
  }

  /// In two namespaces of its own.
  ///
  /// @param sysfs an empty directory
  public static PluggedPf in(Path sysfs) throws IOException {
    return new PluggedPf(TwoNamespaces.empty(), sysfs);
  }

  public Rtnetlink host() {
    return two.host();
  }

  public Rtnetlink network() {
    return two.pod();
  }

  /// For changes in both; the network is its pod.
  public NodeKernel kernel() {
    return two.kernel();
  }

  public PciDevices devices() {
    return devices;
  }

  public int index() {
    return index;
  }

  public int farIndex() throws IOException {
    return network().links().get(FAR).index();
  }

  public void up() throws IOException {
    host().links().change(index, LinkChange.of().bringUp());
  }

  /// Makes it the only port of a bond on the host, and brings both up.
  ///
  /// @return the bond's index
  public int joinBond() throws IOException {
    host()
        .links()
        .create(
            NewLink.bond(
                "up0",
                AttributeValues.<BondAttribute>none()
                    .with(BondAttribute.MODE, 1)
                    .with(BondAttribute.MIIMON, 100)));
    int bond = host().links().get("up0").index();
    host().links().change(index, LinkChange.of().join(bond));
    host().links().change(bond, LinkChange.of().bringUp());
    up();
    return bond;
  }

  /// Makes it a port of a bridge on the host, whatever it was a member of, and brings both up.
  public void joinBridge() throws Exception {
    String _ = ip("link", "set", NAME, "nomaster");
    String _ = ip("link", "add", "br0", "type", "bridge");
    String _ = ip("link", "set", NAME, "master", "br0");
    String _ = ip("link", "set", "br0", "up");
    up();
  }

  /// What iproute2 prints on the host.
  public String ip(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("ip", "-n", String.valueOf(host().netns().path().getFileName())));
    command.addAll(List.of(arguments));
    Process ip = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ip.waitFor()).as("%s", command).isZero();
    return said;
  }

  @Override
  public void close() throws IOException {
    two.close();
  }
}
