package dev.podbond.netlink.link;

import static dev.podbond.netlink.link.LinkWire.hex;
import static dev.podbond.netlink.link.LinkWire.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.ip.Family;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.value.VlanProtocol;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewLinkTest {
  /// `struct ifinfomsg` of a link that does not exist yet and will be down.
  private static final String HEADER = "00000000" + "00000000" + "00000000" + "00000000";

  private static void onLittleEndian() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
  }

  @Test
  void aBondInBytes() {
    onLittleEndian();
    var options =
        AttributeValues.<BondAttribute>none()
            .with(BondAttribute.MODE, 1)
            .with(BondAttribute.MIIMON, 100)
            .with(
                BondAttribute.ARP_IP_TARGET,
                new AttributeValue.Addresses(List.of(Family.IPV4.any())));
    assertThat(hex(NewLink.bond("bond0", options).withMtu(1400)::writeTo))
        .isEqualTo(
            HEADER
                // IFLA_IFNAME (3), 4 + 6 bytes, padded
                + "0a000300"
                + "626f6e643000"
                + "0000"
                // IFLA_MTU (4)
                + "08000400"
                + "78050000"
                // IFLA_LINKINFO (18), nested: 4 + 12 + 4 + 8 + 8 + 12
                + "30001280"
                // IFLA_INFO_KIND (1) "bond"
                + "09000100"
                + "626f6e6400"
                + "000000"
                // IFLA_INFO_DATA (2), nested: 4 + 8 + 8 + 12
                + "20000280"
                // IFLA_BOND_MODE (1), u8, padded
                + "05000100"
                + "01000000"
                // IFLA_BOND_MIIMON (3)
                + "08000300"
                + "64000000"
                // IFLA_BOND_ARP_IP_TARGET (8), nested: entry 0 of 4 bytes
                + "0c000880"
                + "08000000"
                + "00000000");
  }

  @Test
  void aVethPairInBytes() {
    onLittleEndian();
    assertThat(hex(NewLink.veth("v0", "v1")::writeTo))
        .isEqualTo(
            HEADER
                // IFLA_IFNAME (3), 4 + 3 bytes, padded
                + "07000300"
                + "76300000"
                // IFLA_LINKINFO (18), nested: 4 + 12 + 32
                + "30001280"
                // IFLA_INFO_KIND (1) "veth"
                + "09000100"
                + "7665746800000000"
                // IFLA_INFO_DATA (2), nested
                + "20000280"
                // VETH_INFO_PEER (1), nested: a link message of its own without namespace
                + "1c000180"
                + HEADER
                + "07000300"
                + "76310000");
  }

  @Test
  void thePeerOfAPairIsMadeInItsNamespace() throws Exception {
    try (Netns netns = Netns.current()) {
      Link link = read(NewLink.veth("v0", "v1", netns)::writeTo);
      assertThat(link.kind()).contains("veth");
      Payload peer =
          link.attributes()
              .nested(Ifla.LINKINFO)
              .nested(Ifla.INFO_DATA)
              .find(Ifla.VETH_INFO_PEER)
              .orElseThrow()
              .value();
      var attributes = peer.attributes(LinkHeader.LENGTH);
      assertThat(attributes.find(Ifla.IFNAME).orElseThrow().string()).isEqualTo("v1");
      assertThat(attributes.find(Ifla.NET_NS_FD).orElseThrow().s32()).isEqualTo(netns.fd());
    }
  }

  @Test
  void aDummyInBytes() {
    onLittleEndian();
    HardwareAddress mac = HardwareAddress.parse("02:00:00:00:00:01");
    assertThat(hex(NewLink.dummy("d0").withAddress(mac)::writeTo))
        .isEqualTo(
            HEADER
                // IFLA_IFNAME (3)
                + "07000300"
                + "64300000"
                // IFLA_ADDRESS (1)
                + "0a000100"
                + "0200000000010000"
                // IFLA_LINKINFO (18), nested: IFLA_INFO_KIND (1) "dummy", which has no data
                + "10001280"
                + "0a000100"
                + "64756d6d79000000");
  }

  @Test
  void aVlanInBytes() {
    onLittleEndian();
    assertThat(hex(NewLink.vlan("q", 12, new Vlan(4094, VlanProtocol.DOT1AD))::writeTo))
        .isEqualTo(
            HEADER
                // IFLA_IFNAME (3)
                + "06000300"
                + "71000000"
                // IFLA_LINK (5)
                + "08000500"
                + "0c000000"
                // IFLA_LINKINFO (18), nested: IFLA_INFO_KIND (1) "vlan"
                + "24001280"
                + "09000100"
                + "766c616e00000000"
                // IFLA_INFO_DATA (2), nested
                + "14000280"
                // IFLA_VLAN_ID (1)
                + "06000100"
                + "fe0f0000"
                // IFLA_VLAN_PROTOCOL (5), in network byte order
                + "06000500"
                + "88a80000");
  }

  @Test
  void aVlanIsReadAsItWasWritten() throws MalformedMessage {
    for (VlanProtocol protocol : VlanProtocol.values()) {
      Vlan vlan = new Vlan(4094, protocol);
      Link link = read(NewLink.vlan("bond0.4094", 12, vlan)::writeTo);
      assertThat(link.vlan()).contains(vlan);
      assertThat(link.parent()).hasValue(12);
      assertThat(link.kind()).contains("vlan");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095})
  void idsThatATagCanCarryAreRead(int id) throws MalformedMessage {
    assertThat(read(w -> vlan(w, data -> data.attributeU16(Ifla.VLAN_ID, id))).vlan())
        .contains(new Vlan(id, VlanProtocol.DOT1Q));
  }

  @Test
  void idsThatNoTagCanCarryAreRefused() {
    for (int id : new int[] {-1, 4096}) {
      assertThatThrownBy(() -> new Vlan(id, VlanProtocol.DOT1Q))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("VLAN id " + id + " is not in 0..4095");
    }
    assertThatThrownBy(() -> read(w -> vlan(w, data -> data.attributeU16(Ifla.VLAN_ID, 4096))))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("VLAN id 4096");
  }

  private static void vlan(PayloadWriter writer, Consumer<PayloadWriter> data) {
    LinkHeader.ofIndex(3).writeTo(writer);
    writer.nested(
        Ifla.LINKINFO,
        info -> info.attributeString(Ifla.INFO_KIND, "vlan").nested(Ifla.INFO_DATA, data));
  }
}
