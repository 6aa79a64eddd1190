package dev.podbond.netlink.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.ip.Family;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttributeValuesTest {
  private static final HardwareAddress MAC = HardwareAddress.parse("02:00:00:00:00:01");

  private static AttributeValues<BondAttribute> none() {
    return AttributeValues.none();
  }

  static Stream<TypedAttribute> attributes() {
    return Stream.concat(
        Stream.of(BondAttribute.values()), Stream.of(BondMemberAttribute.values()));
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
  void aMapWithAValueThatDoesNotFitIsRefused() {
    var mode = new AttributeValue.Numeric(256);
    assertThatThrownBy(() -> AttributeValues.copyOf(Map.of(BondAttribute.MODE, mode)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("MODE is of type U8 and cannot be 256");
  }

  @Test
  void attributesAreImmutable() {
    Map<BondAttribute, AttributeValue> map = new EnumMap<>(BondAttribute.class);
    map.put(BondAttribute.MODE, new AttributeValue.Numeric(1));
    AttributeValues<BondAttribute> values = AttributeValues.copyOf(map);
    map.put(BondAttribute.MIIMON, new AttributeValue.Numeric(100));
    AttributeValues<BondAttribute> more = values.with(BondAttribute.MIIMON, 100);
    assertThat(values).isEqualTo(none().with(BondAttribute.MODE, 1));
    assertThat(more.asMap()).isEqualTo(map);
    assertThatThrownBy(() -> more.asMap().remove(BondAttribute.MODE))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aValueCanOnlyBeReadAsItsOwnKind() {
    List<InetAddress> targets = List.of(InetAddress.ofLiteral("10.0.0.1"));
    AttributeValues<BondAttribute> values =
        none()
            .with(BondAttribute.MODE, 4)
            .with(BondAttribute.AD_ACTOR_SYSTEM, new AttributeValue.Mac(MAC))
            .with(BondAttribute.ARP_IP_TARGET, new AttributeValue.Addresses(targets));
    assertThat(values.number(BondAttribute.MODE)).hasValue(4);
    assertThat(values.mac(BondAttribute.MODE)).isEmpty();
    assertThat(values.mac(BondAttribute.AD_ACTOR_SYSTEM)).contains(MAC);
    assertThat(values.number(BondAttribute.AD_ACTOR_SYSTEM)).isEmpty();
    assertThat(values.get(BondAttribute.ARP_IP_TARGET))
        .contains(new AttributeValue.Addresses(targets));
    assertThat(values.get(BondAttribute.MIIMON)).isEmpty();
  }

  /// The kernel sends them in its own order.
  @Test
  void theSameAttributesInAnyOrderAreEqual() {
    var oneWay = none().with(BondAttribute.MODE, 1).with(BondAttribute.MIIMON, 100);
    var otherWay = none().with(BondAttribute.MIIMON, 100).with(BondAttribute.MODE, 1);
    assertThat(oneWay).isEqualTo(otherWay).hasSameHashCodeAs(otherWay);
    assertThat(oneWay)
        .isNotEqualTo(none().with(BondAttribute.MODE, 1))
        .isNotEqualTo(otherWay.with(BondAttribute.MIIMON, 101))
        .doesNotHaveSameHashCodeAs(otherWay.with(BondAttribute.MIIMON, 101));
  }

  @Test
  void attributesAreShownInTheOrderOfTheirNumbers() {
    var values =
        none()
            .with(BondAttribute.AD_ACTOR_SYSTEM, new AttributeValue.Mac(MAC))
            .with(
                BondAttribute.ARP_IP_TARGET,
                new AttributeValue.Addresses(
                    List.of(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("10.0.0.2"))))
            .with(BondAttribute.MODE, 1);
    assertThat(values)
        .hasToString(
            "{MODE=1, ARP_IP_TARGET=[10.0.0.1, 10.0.0.2], AD_ACTOR_SYSTEM=02:00:00:00:00:01}");
    var aggregator = new BondAggregator(1, 2, 9, 15, MAC);
    assertThat(none().with(BondAttribute.AD_INFO, new AttributeValue.Aggregator(aggregator)))
        .hasToString("{AD_INFO=" + aggregator + "}");
  }
}
