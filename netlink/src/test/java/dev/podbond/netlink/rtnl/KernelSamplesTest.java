package dev.podbond.netlink.rtnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.ip.AddressFlags;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.ip.NextHop;
import dev.podbond.netlink.ip.Route;
import dev.podbond.netlink.link.AttributeValue;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.BondMemberAttribute;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.Vf;
import dev.podbond.netlink.wire.Acknowledgement;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.value.VfLinkState;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// We understand messages that a real kernel sent.
class KernelSamplesTest {
  private static final HardwareAddress NONE = HardwareAddress.parse("00:00:00:00:00:00");

  @BeforeEach
  void theSamplesAreOfALittleEndianMachine() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
  }

  private static NetlinkMessage message(int type, int flags, String sample) {
    byte[] payload = HexFormat.of().parseHex(sample.replaceAll("\\s", ""));
    return new NetlinkMessage(type, flags, 1, 2, Payload.of(payload));
  }

  private static Link link(String sample) throws Exception {
    return Link.parse(message(16, 0, sample));
  }

  @Test
  void aVeth() throws Exception {
    Link link = link(Samples.LINK);
    assertThat(link).hasToString("3: v0");
    assertThat(link.kind()).contains("veth");
    assertThat(link.parent()).hasValue(2);
    assertThat(link.altNames()).containsExactly("other");
    assertThat(link.isUp() && link.hasCarrier()).isTrue();
    assertThat(link.mtu()).isEqualTo(1500);
    assertThat(link.vlan()).isEmpty();
  }

  @Test
  void aBond() throws Exception {
    Link link = link(Samples.BOND);
    var bond = link.bond().orElseThrow();
    assertThat(bond.number(BondAttribute.MODE)).hasValue(4);
    assertThat(bond.number(BondAttribute.MIIMON)).hasValue(100);
    assertThat(bond.get(BondAttribute.ARP_IP_TARGET))
        .contains(
            new AttributeValue.Addresses(
                List.of(InetAddress.getByName("10.0.0.1"), InetAddress.getByName("10.0.0.2"))));
    assertThat(bond.get(BondAttribute.NS_IP6_TARGET))
        .contains(new AttributeValue.Addresses(List.of(InetAddress.getByName("fd00::1"))));
    assertThat(bond.mac(BondAttribute.AD_ACTOR_SYSTEM)).contains(NONE);
    assertThat(bond.get(BondAttribute.AD_INFO)).isPresent();
  }

  @Test
  void aMember() throws Exception {
    Link link = link(Samples.MEMBER);
    var member = link.bondMember().orElseThrow();
    assertThat(link.master()).hasValue(6);
    assertThat(link.memberKind()).contains("bond");
    assertThat(link.kind()).contains("dummy");
    assertThat(member.number(BondMemberAttribute.MII_STATUS)).hasValue(0);
    assertThat(member.mac(BondMemberAttribute.PERM_HWADDR)).isEqualTo(link.address());
    assertThat(member.number(BondMemberAttribute.PRIO)).hasValue(0);
  }

  @Test
  void aPfWithItsVfs() throws Exception {
    Link pf = link(Samples.PF);
    assertThat(pf.name()).isEqualTo("pf0");
    assertThat(pf.parentDeviceBus()).contains("pci");
    assertThat(pf.parentDeviceName()).contains("0000:01:00.0");
    assertThat(pf.vfs()).extracting(Vf::index).containsExactly(0, 1);
    Vf vf = pf.vf(1).orElseThrow();
    assertThat(vf.address()).isEqualTo(NONE);
    assertThat(vf.spoofCheck()).contains(true);
    assertThat(vf.trust()).contains(false);
    assertThat(vf.linkState()).contains(VfLinkState.AUTO);
  }

  @Test
  void anAddress() throws Exception {
    IpAddress address = IpAddress.parse(message(20, 0, Samples.ADDRESS));
    assertThat(address).hasToString("10.9.0.1/24");
    assertThat(address.linkIndex()).isEqualTo(3);
    assertThat(address.flags()).as("IFA_F_PERMANENT").isEqualTo(new AddressFlags(0x80));
    assertThat(address.peer()).isEmpty();
  }

  @Test
  void routes() throws Exception {
    Route route = Route.parse(message(24, 0, Samples.ROUTE));
    assertThat(route).hasToString("10.20.0.0/16 via 10.9.0.2 on link 3");
    assertThat(route.priority()).hasValue(7);
    assertThat(route.mtu()).hasValue(1300);
    assertThat(route.table()).isEqualTo(Route.TABLE_MAIN);
    Route multipath = Route.parse(message(24, 0, Samples.MULTIPATH));
    assertThat(multipath.nextHops()).extracting(NextHop::weight).isEqualTo(List.of(1, 3));
  }

  @Test
  void anExplainedRefusal() throws Exception {
    int flags = NetlinkFlags.CAPPED | NetlinkFlags.ACK_TLVS;
    var refusal = Acknowledgement.parse(message(NetlinkFlags.ERROR, flags, Samples.ACK));
    assertThat(refusal.error()).isEqualTo(22);
    assertThat(refusal.message()).contains("option not valid in mode");
  }
}
