package dev.podbond.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.bonding.uplink.HostMaster;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.netns.TwoNamespaces;
import dev.podbond.node.sysfs.FakeSysfs;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// LACP of an interface with a real partner: a bond in another namespace, at the other end of a
/// cable whose carrier stays.
@Tag("kernel")
final class PfPortKernelTest {
  private static final String PF = "0000:01:00.0";

  /// At the fast rate a silent partner is given up after three seconds.
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path root;

  private static int member(Rtnetlink net, String bond, String link) throws Exception {
    net.links()
        .create(
            NewLink.bond(
                bond,
                AttributeValues.<BondAttribute>none()
                    .with(BondAttribute.MODE, 4)
                    .with(BondAttribute.MIIMON, 100)
                    .with(BondAttribute.AD_LACP_RATE, 1)));
    int index = net.links().get(bond).index();
    net.links().change(net.links().get(link).index(), LinkChange.of().join(index));
    net.links().change(index, LinkChange.of().bringUp());
    return net.links().get(link).index();
  }

  private PfPort read(Rtnetlink host) {
    PciAddress pf = FakeSysfs.pci(PF);
    return new PfPortReader(new PciDevices(root)).read(List.of(pf), host).get(pf);
  }

  private void await(Rtnetlink host, Predicate<Reading> wanted) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!wanted.test(read(host).lacp())) {
      assertThat(System.nanoTime()).as("%s", read(host)).isLessThan(end);
      Thread.sleep(100);
    }
  }

  @Test
  void aPartnerThatFallsSilentBehindALiveCarrierIsBadUntilItIsBack() throws Exception {
    try (TwoNamespaces two = TwoNamespaces.empty()) {
      Rtnetlink host = two.host();
      Rtnetlink network = two.pod();
      host.links().create(NewLink.veth("ens1f0", "sw1", network.netns()));
      int port = member(host, "up0", "ens1f0");
      new FakeSysfs(root).pf(PF, "ens1f0", 8).ifindex(PF, "ens1f0", port);
      int far = member(network, "lag0", "sw1");
      int lag = network.links().get("lag0").index();

      await(host, Reading::isGood);
      assertThat(read(host).carrier()).isEqualTo(Reading.good());
      String partner = network.links().get("lag0").address().orElseThrow().toString();
      assertThat(read(host).cabling().orElseThrow())
          .isEqualTo(new Cabling(Optional.of("up0"), MacAddress.parse(partner), Optional.empty()));

      network.links().change(far, LinkChange.of().leave());
      network.links().change(far, LinkChange.of().bringUp());
      // The partner takes its leave first; that nothing is heard any more shows seconds later.
      await(host, lacp -> lacp.isBad() && lacp.toString().contains("this side is"));
      assertThat(read(host).carrier()).isEqualTo(Reading.good());
      assertThat(read(host).lacp().toString()).contains("the host's bond up0");

      network.links().change(far, LinkChange.of().takeDown());
      network.links().change(far, LinkChange.of().join(lag));
      await(host, Reading::isGood);
    }
  }

  @Test
  void whatUsesNoLacpTellsNothing() throws Exception {
    try (TwoNamespaces two = TwoNamespaces.empty()) {
      Rtnetlink host = two.host();
      host.links().create(NewLink.dummy("ens1f0"));
      int port = host.links().get("ens1f0").index();
      new FakeSysfs(root).pf(PF, "ens1f0", 8).ifindex(PF, "ens1f0", port);
      assertThat(read(host).lacp())
          .isEqualTo(new HostMaster.None().lacp())
          .isInstanceOf(Reading.Unknown.class);

      host.links()
          .create(
              NewLink.bond(
                  "up0", AttributeValues.<BondAttribute>none().with(BondAttribute.MODE, 1)));
      host.links()
          .change(
              host.links().get("ens1f0").index(),
              LinkChange.of().join(host.links().get("up0").index()));
      assertThat(read(host).lacp().toString()).contains("up0", "active-backup", "no LACP");
    }
  }

  @Test
  void aPfWithoutAnInterfaceHereIsUnseen() throws Exception {
    try (TwoNamespaces two = TwoNamespaces.empty()) {
      assertThat(read(two.host())).isEqualTo(new PfPort.Unseen("it has no interface on the host"));
    }
  }
}
