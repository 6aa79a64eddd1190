package dev.podbond.netlink.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.Property;
import dev.podbond.netlink.ip.Family;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LinkMessagesTest {
  private static final HardwareAddress MAC = HardwareAddress.parse("02:00:00:00:00:01");

  private static Link read(Consumer<PayloadWriter> writing) throws MalformedMessage {
    PayloadWriter writer = new PayloadWriter();
    writing.accept(writer);
    return Link.parse(new NetlinkMessage(LinkAttributes.RTM_NEWLINK, 0, 1, 2, writer.toPayload()));
  }

  private static String hex(Consumer<PayloadWriter> writing) {
    PayloadWriter writer = new PayloadWriter();
    writing.accept(writer);
    return HexFormat.of().formatHex(writer.toBytes());
  }

  private static AttributeValue randomValue(TypedAttribute attribute, Random random) {
    return switch (attribute.type()) {
      case U8 -> new AttributeValue.Numeric(random.nextInt(0x100));
      case U16 -> new AttributeValue.Numeric(random.nextInt(0x10000));
      case U32 -> new AttributeValue.Numeric(random.nextLong(0x1_0000_0000L));
      case S32 -> new AttributeValue.Numeric(random.nextInt());
      case MAC -> new AttributeValue.Mac(HardwareAddress.of(randomBytes(random, 6)));
      case IPV4_LIST -> randomAddresses(random, 4);
      case IPV6_LIST -> randomAddresses(random, 16);
      case AGGREGATOR ->
          new AttributeValue.Aggregator(
              new BondAggregator(
                  random.nextInt(0x10000),
                  random.nextInt(0x10000),
                  random.nextInt(0x10000),
                  random.nextInt(0x10000),
                  HardwareAddress.of(randomBytes(random, 6))));
    };
  }

  private static byte[] randomBytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static AttributeValue randomAddresses(Random random, int length) {
    List<InetAddress> addresses = new ArrayList<>();
    try {
      for (int i = random.nextInt(17); i > 0; i--) {
        byte[] bytes = randomBytes(random, length);
        addresses.add(
            length == 4
                ? InetAddress.getByAddress(bytes)
                : Inet6Address.getByAddress(null, bytes, -1));
      }
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
    return new AttributeValue.Addresses(addresses);
  }

  static Stream<TypedAttribute> attributes() {
    return Stream.concat(
        Stream.of(BondAttribute.values()), Stream.of(BondMemberAttribute.values()));
  }

  @Test
  void theNumbersOfTheHeadersAreAllThereOnce() {
    assertThat(Stream.of(BondAttribute.values()).map(BondAttribute::number))
        .containsExactlyElementsOf(Stream.iterate(1, n -> n + 1).limit(34).toList());
    assertThat(Stream.of(BondMemberAttribute.values()).map(BondMemberAttribute::number))
        .containsExactlyElementsOf(Stream.iterate(1, n -> n + 1).limit(12).toList());
    for (BondAttribute attribute : BondAttribute.values()) {
      assertThat(BondAttribute.of(attribute.number())).contains(attribute);
    }
    for (BondMemberAttribute attribute : BondMemberAttribute.values()) {
      assertThat(BondMemberAttribute.of(attribute.number())).contains(attribute);
    }
    assertThat(BondAttribute.of(35)).isEmpty();
    assertThat(BondMemberAttribute.of(0)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyBondAttributeIsReadAsItWasWritten(BondAttribute attribute) {
    Property.holds(random -> {
      var options =
          AttributeValues.<BondAttribute>none().with(attribute, randomValue(attribute, random));
      assertThat(read(NewLink.bond("bond0", options)::writeTo).bond()).contains(options);
    });
  }

  @ParameterizedTest
  @EnumSource
  void everyMemberAttributeIsReadAsItWasWritten(BondMemberAttribute attribute) {
    Property.holds(random -> {
      var options =
          AttributeValues.<BondMemberAttribute>none()
              .with(attribute, randomValue(attribute, random));
      LinkChange change = LinkChange.of().bondMember(options);
      assertThat(read(w -> change.writeTo(w, 7)).bondMember()).contains(options);
    });
  }

  @Test
  void aBondOfAnyOptionsIsReadAsItWasWritten() {
    Property.holds(random -> {
      AttributeValues<BondAttribute> options = AttributeValues.none();
      for (BondAttribute attribute : BondAttribute.values()) {
        if (random.nextBoolean()) {
          options = options.with(attribute, randomValue(attribute, random));
        }
      }
      NewLink bond = NewLink.bond("bond0", options).withMtu(9000).withAddress(MAC).withUp();
      Link link = read(bond::writeTo);
      assertThat(link.name()).isEqualTo("bond0");
      assertThat(link.kind()).contains("bond");
      assertThat(link.mtu()).isEqualTo(9000);
      assertThat(link.address()).contains(MAC);
      assertThat(link.isUp()).isTrue();
      assertThat(link.bond()).contains(options);
    });
  }

  @ParameterizedTest
  @MethodSource("attributes")
  void valuesThatAnAttributeCannotCarryAreRefused(TypedAttribute attribute) {
    switch (attribute) {
      case BondAttribute bond -> refusesForeign(AttributeValues.none(), bond);
      case BondMemberAttribute member -> refusesForeign(AttributeValues.none(), member);
    }
  }

  private static <A extends Enum<A> & TypedAttribute> void refusesForeign(
      AttributeValues<A> values, A attribute) {
    List<AttributeValue> foreign = new ArrayList<>();
    foreign.add(new AttributeValue.Numeric(1L << 32));
    foreign.add(new AttributeValue.Numeric(Integer.MIN_VALUE - 1L));
    if (attribute.type() == AttributeType.U8) {
      foreign.add(new AttributeValue.Numeric(256));
      foreign.add(new AttributeValue.Numeric(-1));
    }
    foreign.add(
        attribute.type() == AttributeType.MAC
            ? new AttributeValue.Numeric(1)
            : new AttributeValue.Mac(MAC));
    foreign.add(
        new AttributeValue.Addresses(
            List.of(
                attribute.type() == AttributeType.IPV4_LIST
                    ? Family.IPV6.any()
                    : Family.IPV4.any())));
    for (AttributeValue value : foreign) {
      assertThatThrownBy(() -> values.with(attribute, value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(attribute.name());
    }
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

  @Test
  void vfChangesAreReadAsVfs() {
    Property.holds(random -> {
      VfVlan vlan =
          new VfVlan(
              random.nextInt(4096), random.nextInt(8), VlanProtocol.values()[random.nextInt(2)]);
      Vf vf =
          new Vf(
              random.nextInt(256),
              HardwareAddress.of(randomBytes(random, 6)),
              vlan,
              new VfRate(random.nextLong(1L << 32), random.nextLong(1L << 32)),
              Optional.of(random.nextBoolean()),
              Optional.of(VfLinkState.values()[random.nextInt(3)]),
              Optional.of(random.nextBoolean()));
      VfChange change =
          VfChange.of(vf.index())
              .address(vf.address())
              .vlan(vlan)
              .rate(vf.rate())
              .spoofCheck(vf.spoofCheck().orElseThrow())
              .linkState(vf.linkState().orElseThrow())
              .trust(vf.trust().orElseThrow());
      Link pf =
          read(w -> {
            LinkHeader.ofIndex(3).writeTo(w);
            w.nested(LinkAttributes.VFINFO_LIST, list -> VfCodec.write(list, change));
          });
      assertThat(pf.vfs()).containsExactly(vf);
      assertThat(pf.vf(vf.index())).contains(vf);
      assertThat(pf.vf(vf.index() + 1)).isEmpty();
    });
  }

  @Test
  void settingsThatADriverLeavesOutAreEmpty() throws MalformedMessage {
    Link pf =
        read(w -> {
          LinkHeader.ofIndex(3).writeTo(w);
          w.nested(
              LinkAttributes.VFINFO_LIST,
              list ->
                  list.nested(
                      1,
                      info -> {
                        info.attribute(1, a -> a.putU32(2).putBytes(new byte[32]));
                        info.attribute(4, a -> a.putU32(2).putS32(-1));
                        info.attribute(9, a -> a.putU32(2).putS32(-1));
                      }));
        });
    Vf vf = pf.vf(2).orElseThrow();
    assertThat(vf.spoofCheck()).isEmpty();
    assertThat(vf.trust()).isEmpty();
    assertThat(vf.linkState()).isEmpty();
    assertThat(vf.vlan()).isEqualTo(VfVlan.NONE);
    assertThat(vf.address()).hasToString("00:00:00:00:00:00");
  }

  @Test
  void everythingALinkSaysIsRead() throws MalformedMessage {
    Link link =
        read(w -> {
          new LinkHeader(1, 7, 0x11043, 0).writeTo(w);
          w.attributeString(LinkAttributes.IFNAME, "net1")
              .attributeBytes(LinkAttributes.ADDRESS, MAC.toBytes())
              .attributeBytes(
                  LinkAttributes.PERM_ADDRESS, HardwareAddress.parse("02:00:00:00:00:02").toBytes())
              .attributeU32(LinkAttributes.MTU, 1500)
              .attributeU32(LinkAttributes.MIN_MTU, 68)
              .attributeU32(LinkAttributes.MAX_MTU, 0xffff_ffffL)
              .attributeU8(LinkAttributes.OPERSTATE, 6)
              .attributeU8(LinkAttributes.CARRIER, 1)
              .attributeU32(LinkAttributes.CARRIER_CHANGES, 5)
              .attributeU32(LinkAttributes.MASTER, 9)
              .attributeU32(LinkAttributes.LINK, 3)
              .attributeS32(LinkAttributes.LINK_NETNSID, 0)
              .attributeString(LinkAttributes.PARENT_DEV_NAME, "0000:01:10.0")
              .attributeString(LinkAttributes.PARENT_DEV_BUS_NAME, "pci")
              .nested(
                  LinkAttributes.PROP_LIST,
                  p ->
                      p.attributeString(LinkAttributes.ALT_IFNAME, "one")
                          .attributeString(LinkAttributes.ALT_IFNAME, "two"))
              .nested(
                  LinkAttributes.LINKINFO,
                  i ->
                      i.attributeString(LinkAttributes.INFO_SLAVE_KIND, "bond")
                          .nested(
                              LinkAttributes.INFO_SLAVE_DATA,
                              d -> d.attributeU8(1, 0).attributeS32(9, -5).attributeU8(99, 1)));
        });
    assertThat(link).hasToString("7: net1");
    assertThat(link.altNames()).containsExactly("one", "two");
    assertThat(link.isNamed("two")).isTrue();
    assertThat(link.address()).contains(MAC);
    assertThat(link.permanentAddress())
        .map(HardwareAddress::toString)
        .contains("02:00:00:00:00:02");
    assertThat(link.mtu()).isEqualTo(1500);
    assertThat(link.minMtu()).isEqualTo(68);
    assertThat(link.maxMtu()).isEqualTo(Integer.MAX_VALUE);
    assertThat(link.flags().isUp() && link.flags().isRunning() && link.flags().isLowerUp())
        .isTrue();
    assertThat(link.operState()).isEqualTo(OperState.UP);
    assertThat(link.hasCarrier()).isTrue();
    assertThat(link.carrierChanges()).isEqualTo(5);
    assertThat(link.hardwareType()).isEqualTo(Link.ARPHRD_ETHER);
    assertThat(link.master()).hasValue(9);
    assertThat(link.parent()).hasValue(3);
    assertThat(link.parentNetnsId()).hasValue(0);
    assertThat(link.parentDeviceName()).contains("0000:01:10.0");
    assertThat(link.parentDeviceBus()).contains("pci");
    assertThat(link.memberKind()).contains("bond");
    assertThat(link.bondMember().orElseThrow().number(BondMemberAttribute.PRIO)).hasValue(-5);
    assertThat(link.bond()).isEmpty();
    assertThat(link.vfCount()).isEqualTo(OptionalInt.empty());
    assertThat(link.attributes().find(LinkAttributes.MTU)).isPresent();
  }

  @Test
  void optionsTravelInNewLinkBecauseSetLinkWouldIgnoreThem() {
    assertThat(LinkChange.of().bringUp().messageType()).isEqualTo(LinkAttributes.RTM_SETLINK);
    assertThat(LinkChange.of().bond(AttributeValues.none()).messageType())
        .isEqualTo(LinkAttributes.RTM_NEWLINK);
    assertThat(LinkChange.of().bondMember(AttributeValues.none()).messageType())
        .isEqualTo(LinkAttributes.RTM_NEWLINK);
  }

  @Test
  void aBondInBytes() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
    var options =
        AttributeValues.<BondAttribute>none()
            .with(BondAttribute.MODE, 1)
            .with(BondAttribute.MIIMON, 100)
            .with(BondAttribute.ARP_IP_TARGET, List.of((Inet4Address) Family.IPV4.any()));
    assertThat(hex(NewLink.bond("bond0", options).withMtu(1400)::writeTo))
        .isEqualTo(
            // struct ifinfomsg: family, padding, type, index, flags, change mask
            "00000000"
                + "00000000"
                + "00000000"
                + "00000000"
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
  void aVfInBytes() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
    assertThat(
            hex(w ->
                VfCodec.write(
                    w, VfChange.of(3).vlan(new VfVlan(100, 5, VlanProtocol.DOT1AD)).trust(true))))
        .isEqualTo(
            // IFLA_VF_INFO (1), nested
            "28000180"
                // IFLA_VF_VLAN_LIST (12), nested
                + "18000c80"
                // IFLA_VF_VLAN_INFO (1): struct ifla_vf_vlan_info of 16 bytes
                + "14000100"
                + "03000000"
                + "64000000"
                + "05000000"
                + "88a8"
                + "0000"
                // IFLA_VF_TRUST (9): struct ifla_vf_trust
                + "0c000900"
                + "03000000"
                + "01000000");
  }

  @Test
  void aChangeSaysWhatItDoes() {
    assertThat(LinkChange.of().takeDown().rename("net1").mtu(1400))
        .hasToString("rename to net1, mtu 1400, down");
    assertThat(LinkChange.of().leave()).hasToString("leave its master");
    assertThat(VfChange.of(2).trust(true).spoofCheck(false))
        .hasToString("VF 2: spoof check off, trust on");
  }
}
