package dev.podbond.node.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionDomain;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.AttributeType;
import dev.podbond.netlink.link.AttributeValue;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BondOptionsOnWireTest {
  @ParameterizedTest
  @EnumSource(BondOption.class)
  void whatAnOptionTakesFitsItsAttribute(BondOption option) {
    AttributeType type = BondAttribute.of(option.number()).orElseThrow().type();
    switch (option.domain()) {
      case OptionDomain.Range range -> assertThat(range.max()).isLessThanOrEqualTo(most(type));
      case OptionDomain.Choice choice ->
          assertThat(choice.names().size() - 1L).isLessThanOrEqualTo(most(type));
      case OptionDomain.Flag _ -> assertThat(type).isEqualTo(AttributeType.U8);
      case OptionDomain.Targets targets ->
          assertThat(type)
              .isEqualTo(targets.ipv6() ? AttributeType.IPV6_LIST : AttributeType.IPV4_LIST);
      case OptionDomain.MacValue _ -> assertThat(type).isEqualTo(AttributeType.MAC);
      case OptionDomain.Member _ -> assertThat(type).isEqualTo(AttributeType.IFINDEX);
      case OptionDomain.NotSettable _ ->
          assertThat(type).isIn(AttributeType.IFINDEX, AttributeType.AGGREGATOR);
    }
  }

  /// The largest number that an attribute of this type holds.
  private static long most(AttributeType type) {
    return switch (type) {
      case U8 -> 0xffL;
      case U16 -> 0xffffL;
      case U32 -> 0xffff_ffffL;
      case S32, IFINDEX, MAC, IPV4_LIST, IPV6_LIST, AGGREGATOR -> -1;
    };
  }

  @Test
  void whatIsEncodedIsDecodedAgain() throws NetlinkException {
    Map<BondOption, OptionValue> values = new EnumMap<>(BondOption.class);
    for (BondOption option : BondOption.values()) {
      switch (option.domain()) {
        case OptionDomain.Range _, OptionDomain.Choice _, OptionDomain.Flag _ ->
            values.put(option, new OptionValue.Number(option.number()));
        case OptionDomain.Member _ -> values.put(option, new OptionValue.MemberName("net7"));
        case OptionDomain.MacValue _ ->
            values.put(
                option, new OptionValue.Mac(MacAddress.parse("02:00:00:00:00:09").orElseThrow()));
        case OptionDomain.Targets targets ->
            values.put(
                option,
                new OptionValue.Targets(
                    List.of(InetAddress.ofLiteral(targets.ipv6() ? "fd00::1" : "10.0.0.1"))));
        case OptionDomain.NotSettable _ -> {}
      }
    }
    BondOptions options = new BondOptions(values);
    AttributeValues<BondAttribute> attributes = BondOptionsOnWire.encode(options, _ -> 7);
    assertThat(attributes.number(BondAttribute.PRIMARY)).hasValue(7);
    assertThat(BondOptionsOnWire.decode(attributes, index -> Optional.of("net" + index)))
        .isEqualTo(options);
  }

  @Test
  void aPrimaryThatDoesNotExistIsAnErrorAndNotSilentlyNone() {
    BondOptions options =
        new BondOptions(Map.of(BondOption.PRIMARY, new OptionValue.MemberName("net9")));
    assertThatThrownBy(() ->
            BondOptionsOnWire.encode(
                options,
                name -> {
                  throw new NetlinkException("get " + name, Errno.ENODEV, Optional.empty());
                }))
        .isInstanceOf(NetlinkException.class);
  }

  @Test
  void noActiveMemberIsNoOption() throws NetlinkException {
    AttributeValues<BondAttribute> attributes =
        AttributeValues.<BondAttribute>none()
            .with(BondAttribute.ACTIVE_SLAVE, new AttributeValue.Numeric(0))
            .with(BondAttribute.PRIMARY, new AttributeValue.Numeric(4));
    assertThat(BondOptionsOnWire.decode(attributes, _ -> Optional.empty()).values()).isEmpty();
  }
}
