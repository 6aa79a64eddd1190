package dev.podbond.bonding.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each change as `podbond explain` and error messages show it.
class ChangeTest {
  private static final LinkRef NET1 = LinkRef.pod("net1");
  private static final LinkRef BOND = LinkRef.pod("bond0");
  private static final MacAddress MAC = new MacAddress(0x020000000001L);
  private static final BondOptions OPTIONS =
      new BondOptions(Map.of(BondOption.MODE, new OptionValue.Number(1)));
  private static final IpPrefix ADDRESS = IpPrefix.parse("10.1.0.2/24").orElseThrow();
  private static final Route ROUTE =
      Route.of(
          IpPrefix.parse("10.9.0.0/16").orElseThrow(),
          Optional.of(InetAddress.ofLiteral("10.1.0.1")));
  private static final VfRef VF =
      new VfRef("pf0", 3, PciAddress.parse("0000:01:10.6").orElseThrow());

  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of(
            new Change.CreateBond(BOND, OPTIONS, Optional.of(MAC), OptionalInt.of(9000)),
            "create bond bond0 in the pod with mode active-backup, MAC 02:00:00:00:00:01, MTU"
                + " 9000"),
        Arguments.of(
            new Change.CreateBond(BOND, OPTIONS, Optional.empty(), OptionalInt.empty()),
            "create bond bond0 in the pod with mode active-backup"),
        Arguments.of(
            new Change.CreateVlan(LinkRef.pod("bond0.5"), BOND, 5, OptionalInt.empty()),
            "create VLAN 5 as bond0.5 in the pod over bond0"),
        Arguments.of(new Change.DeleteLink(BOND, "bond"), "delete bond bond0 in the pod"),
        Arguments.of(new Change.SetAdminState(NET1, true), "set net1 in the pod up"),
        Arguments.of(new Change.SetAdminState(NET1, false), "set net1 in the pod down"),
        Arguments.of(new Change.Enslave(NET1, BOND), "make net1 in the pod a member of bond0"),
        Arguments.of(new Change.Release(NET1, BOND), "release net1 in the pod from bond0"),
        Arguments.of(
            new Change.SetMemberOptions(NET1, OptionalInt.of(-5), OptionalInt.of(2)),
            "set member options of net1 in the pod, prio -5, queue id 2"),
        Arguments.of(
            new Change.SetPrimary(BOND, Optional.of("net1")),
            "set primary of bond0 in the pod to net1"),
        Arguments.of(
            new Change.SetPrimary(BOND, Optional.empty()),
            "set primary of bond0 in the pod to none"),
        Arguments.of(
            new Change.SetActiveMember(BOND, "net1"),
            "make net1 the active member of bond0 in the pod"),
        Arguments.of(new Change.SetMac(NET1, MAC), "set MAC 02:00:00:00:00:01 on net1 in the pod"),
        Arguments.of(new Change.SetMtu(NET1, 9000), "set MTU 9000 on net1 in the pod"),
        Arguments.of(
            new Change.Tune(NET1, LinkSetting.TX_QUEUE_LENGTH, "1000"),
            "set txqueuelen 1000 on net1 in the pod"),
        Arguments.of(
            new Change.Tune(NET1, LinkSetting.ALIAS, ""),
            "set alias to nothing on net1 in the pod"),
        Arguments.of(new Change.Rename(NET1, "eth1"), "rename net1 in the pod to eth1"),
        Arguments.of(
            new Change.AddAltName(NET1, "lan"), "add alternative name lan to net1 in the pod"),
        Arguments.of(
            new Change.RemoveAltName(NET1, "lan"),
            "remove alternative name lan from net1 in the pod"),
        Arguments.of(
            new Change.Move(LinkRef.host("eth1"), NET1),
            "move eth1 on the host to net1 in the pod"),
        Arguments.of(
            new Change.SetVf(
                VF,
                VfSettings.NONE
                    .with(VfSetting.ADMIN_MAC, MAC)
                    .with(VfSetting.VLAN, new VfVlan(5, 3, VlanProtocol.DOT1AD))
                    .with(VfSetting.MIN_TX_RATE_MBPS, 10)
                    .with(VfSetting.MAX_TX_RATE_MBPS, 100)
                    .with(VfSetting.SPOOF_CHECK, false)
                    .with(VfSetting.TRUST, true)
                    .with(VfSetting.LINK_STATE, VfLinkState.ENABLE)),
            "set admin MAC 02:00:00:00:00:01, VLAN 5 qos 3 proto 802.1ad, min tx rate 10 Mbit/s,"
                + " max tx rate 100 Mbit/s, spoof check off, trust on, link state enable on VF 3"
                + " (0000:01:10.6) of PF pf0"),
        Arguments.of(
            new Change.Rebind(VF),
            "unbind the driver of VF 3 (0000:01:10.6) of PF pf0 and bind it again"),
        Arguments.of(
            new Change.AddAddress(NET1, ADDRESS), "add address 10.1.0.2/24 to net1 in the pod"),
        Arguments.of(
            new Change.RemoveAddress(NET1, ADDRESS),
            "remove address 10.1.0.2/24 from net1 in the pod"),
        Arguments.of(
            new Change.AddRoute(NET1, ROUTE),
            "add route 10.9.0.0/16 via 10.1.0.1 on net1 in the pod"),
        Arguments.of(
            new Change.RemoveRoute(NET1, ROUTE),
            "remove route 10.9.0.0/16 via 10.1.0.1 on net1 in the pod"),
        Arguments.of(
            new Change.SetSysctl(Place.POD, "ipv4/conf/net1/arp_notify", "1"),
            "set net/ipv4/conf/net1/arp_notify = 1 in the pod"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void isOneLineForPeople(Change change, String line) {
    assertThat(change).hasToString(line);
  }
}
