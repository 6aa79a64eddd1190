package dev.podbond.netlink.link;

import static dev.podbond.netlink.link.LinkWire.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.wire.PayloadWriter;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkPropertyTest {
  /// `struct ifinfomsg` up to the index, which is 7.
  private static final String LINK_7 = "00000000" + "07000000";

  /// Flags and change mask: no flag is changed.
  private static final String AS_IT_IS = "00000000" + "00000000";

  @BeforeEach
  void theBytesAreThoseOfALittleEndianMachine() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
  }

  private static List<String> bytes(LinkProperty property, String value) {
    return property.messages(7, value).stream()
        .map(PayloadWriter::toBytes)
        .map(HexFormat.of()::formatHex)
        .toList();
  }

  @Test
  void aFlagIsSetWithItsOwnMaskAlone() {
    assertThat(bytes(LinkProperty.ARP, "off")).containsExactly(LINK_7 + "80000000" + "80000000");
    assertThat(bytes(LinkProperty.ARP, "on")).containsExactly(LINK_7 + "00000000" + "80000000");
    assertThat(bytes(LinkProperty.PROMISC, "on")).containsExactly(LINK_7 + "00010000" + "00010000");
    assertThat(bytes(LinkProperty.MULTICAST, "off"))
        .containsExactly(LINK_7 + "00000000" + "00100000");
  }

  @Test
  void valuesInBytes() {
    // IFLA_TXQLEN (13)
    assertThat(bytes(LinkProperty.TX_QUEUE_LENGTH, "1000"))
        .containsExactly(LINK_7 + AS_IT_IS + "08000d00" + "e8030000");
    // IFLA_PROTO_DOWN (39)
    assertThat(bytes(LinkProperty.PROTO_DOWN, "off"))
        .containsExactly(LINK_7 + AS_IT_IS + "05002700" + "00000000");
    // IFLA_BROADCAST (2)
    assertThat(bytes(LinkProperty.BROADCAST, "ff:ff:ff:ff:ff:ff"))
        .containsExactly(LINK_7 + AS_IT_IS + "0a000200" + "ffffffffffff0000");
    // IFLA_IFALIAS (20): zero bytes remove the alias
    assertThat(bytes(LinkProperty.ALIAS, "ab"))
        .containsExactly(LINK_7 + AS_IT_IS + "06001400" + "61620000");
    assertThat(bytes(LinkProperty.ALIAS, "")).containsExactly(LINK_7 + AS_IT_IS + "04001400");
  }

  @Test
  void xdpIsDetachedInEveryModeAndNeverAttached() {
    // IFLA_XDP (43): IFLA_XDP_FD (1) = -1, IFLA_XDP_FLAGS (3)
    String detach = LINK_7 + AS_IT_IS + "14002b80" + "08000100" + "ffffffff" + "08000300";
    assertThat(bytes(LinkProperty.XDP, "off"))
        .containsExactly(detach + "02000000", detach + "04000000", detach + "08000000");
    assertThatThrownBy(() -> bytes(LinkProperty.XDP, "on"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theValuesOfALinkAreRead() throws Exception {
    Link link =
        read(w ->
            new LinkHeader(1, 7, 0x80 | 0x100, 0)
                .writeTo(w)
                .attributeU32(Ifla.TXQLEN, 5)
                .attributeU32(Ifla.GSO_MAX_SIZE, 4_000_000_000L)
                .attributeU8(Ifla.PROTO_DOWN, 1)
                .attributeString(Ifla.IFALIAS, "mine")
                .nested(Ifla.XDP, xdp -> xdp.attributeU8(Ifla.XDP_ATTACHED, 2)));
    assertThat(LinkProperty.ARP.of(link)).contains("off");
    assertThat(LinkProperty.PROMISC.of(link)).contains("on");
    assertThat(LinkProperty.MULTICAST.of(link)).contains("off");
    assertThat(LinkProperty.TX_QUEUE_LENGTH.of(link)).contains("5");
    assertThat(LinkProperty.GSO_MAX_SIZE.of(link)).contains("4000000000");
    assertThat(LinkProperty.PROTO_DOWN.of(link)).contains("on");
    assertThat(LinkProperty.ALIAS.of(link)).contains("mine");
    assertThat(LinkProperty.XDP.of(link)).contains("on");
    assertThat(LinkProperty.GROUP.of(link)).as("not told").isEmpty();
    assertThat(LinkProperty.BROADCAST.of(link)).as("not told").isEmpty();
  }

  @Test
  void anAddressIsReadUnlessItHasNoBytes() throws Exception {
    assertThat(LinkProperty.BROADCAST.of(withBroadcast(new byte[6]))).contains("00:00:00:00:00:00");
    assertThat(LinkProperty.BROADCAST.of(withBroadcast(new byte[0]))).isEmpty();
  }

  @Test
  void withoutAttributesItsOwnAndTheBondsSideOfALinkRemain() throws Exception {
    Link link =
        read(w ->
            new LinkHeader(1, 7, 1, 0)
                .writeTo(w)
                .attributeString(Ifla.IFNAME, "net1")
                .attributeU32(Ifla.MTU, 1400)
                .attributeString(Ifla.IFALIAS, "a".repeat(200)));
    Link bare = link.withoutAttributes();

    assertThat(bare.name()).isEqualTo("net1");
    assertThat(bare.index()).isEqualTo(7);
    assertThat(bare.mtu()).isEqualTo(link.mtu());
    assertThat(bare.flags()).isEqualTo(link.flags());
    assertThat(LinkProperty.ALIAS.of(bare)).contains("");
    assertThat(LinkProperty.ALIAS.of(link)).contains("a".repeat(200));
  }

  private static Link withBroadcast(byte[] address) throws Exception {
    return read(w -> new LinkHeader(1, 7, 0, 0).writeTo(w).attributeBytes(Ifla.BROADCAST, address));
  }
}
