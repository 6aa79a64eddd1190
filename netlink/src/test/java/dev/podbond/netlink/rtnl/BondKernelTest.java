package dev.podbond.netlink.rtnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.AttributeValue;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.BondMemberAttribute;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.netlink.link.Vf;
import dev.podbond.netlink.link.VfChange;
import dev.podbond.netlink.link.Vlan;
import dev.podbond.netlink.thread.ThreadNetns;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The module against the real bonding and SR-IOV drivers, as root in the lab's machine.
@Tag("kernel")
class BondKernelTest {
  private static final AttributeValues<BondAttribute> NONE = AttributeValues.none();

  private FreshNetns pod;

  @BeforeEach
  void makeNamespace() throws Exception {
    pod = FreshNetns.create("bond");
  }

  @AfterEach
  void removeNamespaceAndLookForStrays() throws Exception {
    pod.close();
    assertThat(ThreadNetns.strays()).isEmpty();
  }

  private Link bond(AttributeValues<BondAttribute> options) throws NetlinkException {
    pod.net().links().create(NewLink.bond("bond0", options));
    return pod.net().links().get("bond0");
  }

  private Link member(String name, Link bond) throws NetlinkException {
    pod.net().links().create(NewLink.dummy(name));
    Link dummy = pod.net().links().get(name);
    pod.net().links().change(dummy.index(), LinkChange.of().join(bond.index()));
    return pod.net().links().get(dummy.index());
  }

  @Test
  void aFullSetOfOptionsTakesOneMessage() throws Exception {
    AttributeValues<BondAttribute> options =
        NONE.with(BondAttribute.MODE, 1)
            .with(BondAttribute.ARP_INTERVAL, 250)
            .with(
                BondAttribute.ARP_IP_TARGET,
                new AttributeValue.Addresses(
                    List.of(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("10.0.0.2"))))
            .with(
                BondAttribute.NS_IP6_TARGET,
                new AttributeValue.Addresses(List.of(InetAddress.ofLiteral("fd00::1"))))
            .with(BondAttribute.ARP_VALIDATE, 3)
            .with(BondAttribute.ARP_ALL_TARGETS, 1)
            .with(BondAttribute.PRIMARY_RESELECT, 2)
            .with(BondAttribute.FAIL_OVER_MAC, 1)
            .with(BondAttribute.XMIT_HASH_POLICY, 1)
            .with(BondAttribute.RESEND_IGMP, 3)
            .with(BondAttribute.NUM_PEER_NOTIF, 4)
            .with(BondAttribute.ALL_SLAVES_ACTIVE, 1)
            .with(BondAttribute.MIN_LINKS, 0)
            .with(BondAttribute.LP_INTERVAL, 5)
            .with(BondAttribute.MISSED_MAX, 4);
    pod.net().links().create(NewLink.bond("bond0", options).withMtu(1400));
    Link bond = pod.net().links().get("bond0");
    AttributeValues<BondAttribute> read = bond.bond().orElseThrow();
    options.asMap().forEach((attribute, value) -> assertThat(read.get(attribute)).contains(value));
    assertThat(bond.mtu()).isEqualTo(1400);
    assertThat(pod.ipJson("link", "show", "bond0"))
        .contains(
            "\"mode\":\"active-backup\"",
            "\"arp_interval\":250",
            "\"10.0.0.1\",\"10.0.0.2\"",
            "\"arp_validate\":\"all\"",
            "\"fail_over_mac\":\"active\"",
            "\"xmit_hash_policy\":\"layer3+4\"",
            "\"resend_igmp\":3",
            "\"num_peer_notif\":4",
            "\"lp_interval\":5");
  }

  @Test
  void aRefusedOptionLeavesNoBond() throws Exception {
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(
            () -> bond(NONE.with(BondAttribute.MODE, 1).with(BondAttribute.AD_LACP_RATE, 1)))
        .satisfies(e -> {
          assertThat(e.errno()).isEqualTo(Errno.EACCES);
          assertThat(e.kernelMessage()).isPresent();
        });
    assertThat(pod.net().links().find("bond0")).isEmpty();
  }

  @Test
  void membersJoinAndLeave() throws Exception {
    Link bond = bond(NONE.with(BondAttribute.MODE, 1).with(BondAttribute.MIIMON, 100));
    Link first = member("net1", bond);
    Link second = member("net2", bond);
    assertThat(first.master()).hasValue(bond.index());
    assertThat(first.memberKind()).contains("bond");
    assertThat(first.isUp()).isTrue();
    assertThat(pod.net().links().get(bond.index()).address())
        .isEqualTo(second.address())
        .isEqualTo(first.address());
    assertThat(second.bondMember().orElseThrow().mac(BondMemberAttribute.PERM_HWADDR)).isPresent();
    assertThat(pod.ipJson("link", "show", "net1")).contains("\"master\":\"bond0\"");

    assertThatThrownBy(
            () -> pod.net().links().change(bond.index(), LinkChange.of().join(bond.index())))
        .isInstanceOf(NetlinkException.class);
    pod.net().links().change(first.index(), LinkChange.of().leave());
    Link left = pod.net().links().get(first.index());
    assertThat(left.master()).isEmpty();
    assertThat(left.isUp()).isFalse();
    pod.net().links().delete(bond.index());
    assertThat(pod.net().links().get(second.index()).master()).isEmpty();
  }

  @Test
  void optionsOfAMemberChangeLater() throws Exception {
    Link bond = bond(NONE.with(BondAttribute.MODE, 1).with(BondAttribute.MIIMON, 100));
    member("net1", bond);
    Link second = member("net2", bond);
    pod.net().links().change(bond.index(), LinkChange.of().bringUp());

    AttributeValues<BondMemberAttribute> wanted =
        AttributeValues.<BondMemberAttribute>none()
            .with(BondMemberAttribute.PRIO, -7)
            .with(BondMemberAttribute.QUEUE_ID, 3);
    pod.net().links().change(second.index(), LinkChange.of().bondMember(wanted));
    AttributeValues<BondMemberAttribute> member =
        pod.net().links().get(second.index()).bondMember().orElseThrow();
    assertThat(member.number(BondMemberAttribute.PRIO)).hasValue(-7);
    assertThat(member.number(BondMemberAttribute.QUEUE_ID)).hasValue(3);
  }

  @Test
  void vlansStandOnABond() throws Exception {
    Link bond = bond(NONE);
    for (VlanProtocol protocol : VlanProtocol.values()) {
      Vlan vlan = new Vlan(100, protocol);
      pod.net().links().create(NewLink.vlan("vlan." + protocol.name(), bond.index(), vlan));
      Link link = pod.net().links().get("vlan." + protocol.name());
      assertThat(link.vlan()).contains(vlan);
      assertThat(link.parent()).hasValue(bond.index());
    }
    assertThat(pod.ipJson("link", "show", "vlan.DOT1AD"))
        .contains("\"protocol\":\"802.1ad\"", "\"id\":100");
  }

  @Test
  void aFailoverIsAnnounced() throws Exception {
    Link bond = bond(NONE.with(BondAttribute.MODE, 1).with(BondAttribute.MIIMON, 50));
    Link first = member("net1", bond);
    Link second = member("net2", bond);
    pod.net().links().change(bond.index(), LinkChange.of().bringUp());
    try (LinkMonitor<String> monitor = LinkMonitor.open()) {
      monitor.watch("pod", pod.netns());
      pod.net().links().change(first.index(), LinkChange.of().takeDown());
      long active = 0;
      while (active != second.index()) {
        HeardNews.awaitChange(monitor, "pod");
        active =
            pod.net()
                .links()
                .get(bond.index())
                .bond()
                .orElseThrow()
                .number(BondAttribute.ACTIVE_SLAVE)
                .orElse(0);
      }
    }
  }

  @Test
  void aVfIsSetThroughItsPf() throws Exception {
    try (Rtnetlink host = Rtnetlink.open()) {
      int index = host.links().get("pf0").index();
      host.links().change(index, LinkChange.of().bringUp());
      Path count = Path.of("/sys/class/net/pf0/device/sriov_numvfs");
      if (Files.readString(count).strip().equals("0")) {
        Files.writeString(count, "2");
      }
      Vf before = host.links().getWithVfs(index).vf(1).orElseThrow();
      HardwareAddress mac = HardwareAddress.parse("02:00:00:00:01:01");
      host.links()
          .changeVf(
              index,
              VfChange.of(1)
                  .address(mac)
                  .vlan(new VfVlan(100, 3, VlanProtocol.DOT1Q))
                  .spoofCheck(false)
                  .trust(true));
      Vf after = host.links().getWithVfs(index).vf(1).orElseThrow();
      assertThat(after.address()).isEqualTo(mac);
      assertThat(after.vlan()).isEqualTo(new VfVlan(100, 3, VlanProtocol.DOT1Q));
      assertThat(after.spoofCheck()).contains(false);
      assertThat(after.trust()).contains(true);
      assertThat(host.links().getWithVfs(index).vf(0).orElseThrow().trust()).contains(false);
      assertThat(host.links().get(index).vfs()).isEmpty();
      host.links()
          .changeVf(
              index,
              VfChange.of(1)
                  .address(before.address())
                  .vlan(VfVlan.NONE)
                  .spoofCheck(true)
                  .trust(false));
      assertThat(host.links().getWithVfs(index).vf(1)).contains(before);
      assertThatThrownBy(() -> host.links().changeVf(index, VfChange.of(99).trust(true)))
          .isInstanceOf(NetlinkException.class)
          .hasMessageContaining("VF 99: trust on");
    }
  }
}
