package dev.podbond.netlink.link;

import static dev.podbond.netlink.link.LinkWire.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.Property;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.value.LinkTraffic;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinkMessagesTest {
  private static final HardwareAddress MAC = HardwareAddress.parse("02:00:00:00:00:01");

  private static AttributeValue randomValue(TypedAttribute attribute, Random random) {
    return switch (attribute.type()) {
      case U8 -> new AttributeValue.Numeric(random.nextInt(0x100));
      case U16 -> new AttributeValue.Numeric(random.nextInt(0x10000));
      case U32, IFINDEX -> new AttributeValue.Numeric(random.nextLong(0x1_0000_0000L));
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
      NewLink bond = NewLink.bond("bond0", options).withMtu(9000).withAddress(MAC);
      Link link = read(bond::writeTo);
      assertThat(link.name()).isEqualTo("bond0");
      assertThat(link.kind()).contains("bond");
      assertThat(link.mtu()).isEqualTo(9000);
      assertThat(link.address()).contains(MAC);
      assertThat(link.bond()).contains(options);
    });
  }

  @Test
  void everyAttributeOfALinkIsRead() throws MalformedMessage {
    Link link =
        read(w -> {
          new LinkHeader(1, 7, 0x11043, 0).writeTo(w);
          w.attributeString(Ifla.IFNAME, "net1")
              .attributeBytes(Ifla.ADDRESS, MAC.toBytes())
              .attributeU32(Ifla.MTU, 1500)
              .attributeU8(Ifla.CARRIER, 1)
              .attributeU32(Ifla.MASTER, 9)
              .attributeU32(Ifla.LINK, 3)
              .attributeString(Ifla.PARENT_DEV_NAME, "0000:01:10.0")
              .attributeString(Ifla.PARENT_DEV_BUS_NAME, "pci")
              .nested(
                  Ifla.PROP_LIST,
                  p ->
                      p.attributeString(Ifla.ALT_IFNAME, "one")
                          .attributeString(Ifla.ALT_IFNAME, "two"))
              .nested(
                  Ifla.LINKINFO,
                  i ->
                      i.attributeString(Ifla.INFO_SLAVE_KIND, "bond")
                          .nested(
                              Ifla.INFO_SLAVE_DATA,
                              d -> d.attributeU8(1, 0).attributeS32(9, -5).attributeU8(99, 1)));
        });
    assertThat(link).hasToString("7: net1");
    assertThat(link.altNames()).containsExactly("one", "two");
    assertThat(link.address()).contains(MAC);
    assertThat(link.mtu()).isEqualTo(1500);
    assertThat(link.flags().isUp() && link.flags().isRunning()).isTrue();
    assertThat(link.hasCarrier()).isTrue();
    assertThat(link.hardwareType()).isEqualTo(Link.ARPHRD_ETHER);
    assertThat(link.master()).hasValue(9);
    assertThat(link.parent()).hasValue(3);
    assertThat(link.parentDeviceName()).contains("0000:01:10.0");
    assertThat(link.parentDeviceBus()).contains("pci");
    assertThat(link.memberKind()).contains("bond");
    assertThat(link.bondMember().orElseThrow().number(BondMemberAttribute.PRIO)).hasValue(-5);
    assertThat(link.bond()).isEmpty();
    assertThat(link.attributes().find(Ifla.MTU)).isPresent();
  }

  @Test
  void aLinkThatIsDownWithoutMasterOrParentIsReadAsSuch() throws MalformedMessage {
    Link link =
        read(w -> {
          new LinkHeader(1, 8, 0x1002, 0).writeTo(w);
          w.attributeString(Ifla.IFNAME, "net2")
              .attributeBytes(Ifla.ADDRESS, new byte[0])
              .attributeU8(Ifla.CARRIER, 0)
              .attributeU32(Ifla.MASTER, 0)
              .attributeU32(Ifla.LINK, 0);
        });
    assertThat(link.isUp()).isFalse();
    assertThat(link.hasCarrier()).isFalse();
    assertThat(link.address()).isEmpty();
    assertThat(link.master()).isEmpty();
    assertThat(link.parent()).isEmpty();
    assertThat(link.altNames()).isEmpty();
    assertThat(link.kind()).isEmpty();
    assertThat(link.vlan()).isEmpty();
    assertThat(link.vfs()).isEmpty();
  }

  /// Kernels differ in what they send, and some events carry little more than the index.
  @Test
  void missingAttributesAreReadAsEmpty() throws MalformedMessage {
    Link link = read(w -> LinkHeader.ofIndex(8).writeTo(w));
    assertThat(link).hasToString("8: ");
    assertThat(link.hasCarrier()).isFalse();
    assertThat(link.mtu()).isZero();
  }

  @Test
  void hardwareAddressesAreOfUpTo32Bytes() throws MalformedMessage {
    for (int length : new int[] {1, 6, 20, 32}) {
      byte[] bytes = randomBytes(new Random(length), length);
      assertThat(read(w -> addressed(w, bytes)).address()).contains(HardwareAddress.of(bytes));
    }
    assertThatThrownBy(() -> read(w -> addressed(w, new byte[33])))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("attribute 1 is a hardware address of 33 bytes");
  }

  private static void addressed(PayloadWriter writer, byte[] address) {
    LinkHeader.ofIndex(8).writeTo(writer).attributeBytes(Ifla.ADDRESS, address);
  }

  @Test
  void targetsOfTheOtherFamilyAreMalformed() {
    assertThatThrownBy(() ->
            read(w -> {
              LinkHeader.ofIndex(8).writeTo(w);
              w.nested(
                  Ifla.LINKINFO,
                  info ->
                      info.attributeString(Ifla.INFO_KIND, "bond")
                          .nested(
                              Ifla.INFO_DATA,
                              data ->
                                  data.nested(
                                      BondAttribute.NS_IP6_TARGET.number(),
                                      list -> list.attributeBytes(0, new byte[4]))));
            }))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("attribute 31 lists an address of 4 bytes instead of 16");
  }

  /// In the kernel's order: packets, bytes, errors, dropped, each received and transmitted.
  @Test
  void trafficIsReadFromTheKernelsCounters() throws MalformedMessage {
    PayloadWriter writer = LinkHeader.ofIndex(7).writer();
    writer.attributeString(Ifla.IFNAME, "net1");
    ByteBuffer stats = ByteBuffer.allocate(24 * Long.BYTES).order(ByteOrder.nativeOrder());
    for (long number = 1; number <= 24; number++) {
      stats.putLong(number << 32);
    }
    writer.attributeBytes(Ifla.STATS64, stats.array());
    assertThat(LinkReader.traffic(writer.toPayload(), "net1"))
        .contains(
            new LinkTraffic(
                new LinkTraffic.Count(3L << 32, 1L << 32, 5L << 32, 7L << 32),
                new LinkTraffic.Count(4L << 32, 2L << 32, 6L << 32, 8L << 32)));
    assertThat(LinkReader.traffic(writer.toPayload(), "another")).isEmpty();
    assertThat(LinkReader.traffic(LinkHeader.ofIndex(7).writer().toPayload(), "net1")).isEmpty();
  }

  @Test
  void aCounterThatIsCutShortIsNoTraffic() {
    PayloadWriter writer = LinkHeader.ofIndex(7).writer();
    writer.attributeString(Ifla.IFNAME, "net1");
    writer.attributeBytes(Ifla.STATS64, new byte[8 * Long.BYTES - 1]);
    assertThatThrownBy(() -> LinkReader.traffic(writer.toPayload(), "net1"))
        .isInstanceOf(MalformedMessage.class);
  }
}
