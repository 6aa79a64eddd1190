package dev.podbond.node.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
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
  void theTablesOfTheCoreAndOfNetlinkAgreeOnNumberAndType(BondOption option) {
    BondAttribute attribute = BondAttribute.of(option.number()).orElseThrow();
    AttributeType expected =
        switch (option.wireType()) {
          case U8 -> AttributeType.U8;
          case U16 -> AttributeType.U16;
          case U32, IFINDEX -> AttributeType.U32;
          case MAC -> AttributeType.MAC;
          case IP4_LIST -> AttributeType.IPV4_LIST;
          case IP6_LIST -> AttributeType.IPV6_LIST;
          case READ_ONLY_NEST -> AttributeType.AGGREGATOR;
        };
    assertThat(attribute.type()).isEqualTo(expected);
  }

  @Test
  void whatIsEncodedIsDecodedAgain() throws NetlinkException {
    Map<BondOption, OptionValue> values = new EnumMap<>(BondOption.class);
    for (BondOption option : BondOption.values()) {
      switch (option.wireType()) {
        case U8, U16, U32 -> values.put(option, new OptionValue.Number(option.number()));
        case IFINDEX -> values.put(option, new OptionValue.MemberName("net7"));
        case MAC ->
            values.put(
                option, new OptionValue.Mac(MacAddress.parse("02:00:00:00:00:09").orElseThrow()));
        case IP4_LIST ->
            values.put(option, new OptionValue.Targets(List.of(InetAddress.ofLiteral("10.0.0.1"))));
        case IP6_LIST ->
            values.put(option, new OptionValue.Targets(List.of(InetAddress.ofLiteral("fd00::1"))));
        case READ_ONLY_NEST -> {}
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
