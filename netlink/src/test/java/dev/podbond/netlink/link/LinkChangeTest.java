package dev.podbond.netlink.link;

import static dev.podbond.netlink.link.LinkWire.hex;
import static dev.podbond.netlink.link.LinkWire.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.RtmType;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LinkChangeTest {
  private static final HardwareAddress MAC = HardwareAddress.parse("02:00:00:00:00:01");

  /// `struct ifinfomsg` up to the index, which is 7.
  private static final String LINK_7 = "00000000" + "07000000";

  /// Flags and change mask: no flag is changed.
  private static final String AS_IT_IS = "00000000" + "00000000";

  @BeforeEach
  void theBytesAreThoseOfALittleEndianMachine() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
  }

  private static String hexOf(LinkChange change) {
    return hex(w -> change.writeTo(w, 7));
  }

  @Test
  void emptyPartsAreNotSent() {
    assertThat(hexOf(LinkChange.of())).isEqualTo(LINK_7 + AS_IT_IS);
  }

  /// The kernel changes only the flags in the mask. Without the mask, down would change nothing.
  @Test
  void upAndDownSetTheFlagsMask() {
    assertThat(hexOf(LinkChange.of().bringUp())).isEqualTo(LINK_7 + "01000000" + "01000000");
    assertThat(hexOf(LinkChange.of().takeDown())).isEqualTo(LINK_7 + "00000000" + "01000000");
  }

  @Test
  void aChangeInBytes() {
    assertThat(hexOf(LinkChange.of().mtu(1400).address(MAC).rename("net1").join(9)))
        .isEqualTo(
            LINK_7
                + AS_IT_IS
                // IFLA_MTU (4)
                + "08000400"
                + "78050000"
                // IFLA_ADDRESS (1)
                + "0a000100"
                + "0200000000010000"
                // IFLA_IFNAME (3)
                + "09000300"
                + "6e65743100000000"
                // IFLA_MASTER (10)
                + "08000a00"
                + "09000000");
  }

  @Test
  void leavingMeansMasterZero() {
    assertThat(hexOf(LinkChange.of().leave())).isEqualTo(LINK_7 + AS_IT_IS + "08000a0000000000");
  }

  @Test
  void theTargetNamespaceIsSentAsADescriptor() throws Exception {
    try (Netns netns = Netns.current()) {
      LinkChange change = LinkChange.of().moveTo(netns).rename("net1");
      Link link = read(w -> change.writeTo(w, 7));
      assertThat(link.attributes().find(Ifla.NET_NS_FD).orElseThrow().s32()).isEqualTo(netns.fd());
      assertThat(link.name()).isEqualTo("net1");
      assertThat(change).hasToString("move to " + netns + ", rename to net1");
    }
  }

  @Test
  void optionsAreSentAsTheMembersData() throws MalformedMessage {
    var member = AttributeValues.<BondMemberAttribute>none().with(BondMemberAttribute.PRIO, -5);
    Link changedMember = read(w -> LinkChange.of().bondMember(member).writeTo(w, 7));
    assertThat(changedMember.memberKind()).contains("bond");
    assertThat(changedMember.bondMember()).contains(member);
    assertThat(changedMember.kind()).isEmpty();
  }

  @Test
  void optionsTravelInNewLinkBecauseSetLinkWouldIgnoreThem() {
    assertThat(LinkChange.of().bringUp().messageType()).isEqualTo(RtmType.SETLINK);
    assertThat(LinkChange.of().bondMember(AttributeValues.none()).messageType())
        .isEqualTo(RtmType.NEWLINK);
  }

  @Test
  void aChangeSaysWhatItDoes() {
    assertThat(LinkChange.of().takeDown().rename("net1").mtu(1400))
        .hasToString("rename to net1, mtu 1400, down");
    assertThat(LinkChange.of().leave()).hasToString("leave its master");
    assertThat(LinkChange.of().join(7).bringUp().address(MAC))
        .hasToString("address 02:00:00:00:00:01, join 7, up");
    assertThat(
            LinkChange.of()
                .bondMember(
                    AttributeValues.<BondMemberAttribute>none()
                        .with(BondMemberAttribute.QUEUE_ID, 2)))
        .hasToString("member options {QUEUE_ID=2}");
  }
}
