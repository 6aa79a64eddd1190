package dev.podbond.node.wire;

import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.AttributeType;
import dev.podbond.netlink.link.AttributeValue;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.value.MacAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Bonding options as netlink attributes and back. The two tables are joined by the attribute's
/// number. Options name members by link name, netlink by index.
public final class BondOptionsOnWire {
  private static final int MAC_OCTETS = 6;

  private BondOptionsOnWire() {}

  /// Finds the index of a link in the bond's namespace.
  @FunctionalInterface
  public interface Indices {
    /// The index of a link.
    ///
    /// @throws NetlinkException `ENODEV` if there is no such link
    int indexOf(String name) throws NetlinkException;
  }

  /// Finds the name of a link in the bond's namespace; empty if it is gone.
  @FunctionalInterface
  public interface Names {
    Optional<String> nameOf(int index) throws NetlinkException;
  }

  /// The attributes that set these options.
  ///
  /// @throws IllegalArgumentException if a value is not of its attribute's type
  public static AttributeValues<BondAttribute> encode(BondOptions options, Indices indices)
      throws NetlinkException {
    AttributeValues<BondAttribute> attributes = AttributeValues.none();
    for (Map.Entry<BondOption, OptionValue> entry : options.values().entrySet()) {
      BondOption option = entry.getKey();
      BondAttribute attribute =
          BondAttribute.of(option.number())
              .orElseThrow(() -> new IllegalArgumentException("no attribute for " + option));
      attributes = attributes.with(attribute, encode(entry.getValue(), indices));
    }
    return attributes;
  }

  /// The options that these attributes report. Leaves out attributes for which the core has no
  /// option, and a member option whose link is gone.
  public static BondOptions decode(AttributeValues<BondAttribute> attributes, Names names)
      throws NetlinkException {
    Map<BondOption, OptionValue> values = new EnumMap<>(BondOption.class);
    for (Map.Entry<BondAttribute, AttributeValue> entry : attributes.asMap().entrySet()) {
      Optional<BondOption> option = BondOption.of(entry.getKey().number());
      if (option.isPresent()) {
        Optional<OptionValue> value = decode(entry.getKey().type(), entry.getValue(), names);
        value.ifPresent(known -> values.put(option.get(), known));
      }
    }
    return new BondOptions(values);
  }

  private static AttributeValue encode(OptionValue value, Indices indices) throws NetlinkException {
    return switch (value) {
      case OptionValue.Number(long number) -> new AttributeValue.Numeric(number);
      case OptionValue.Targets targets -> new AttributeValue.Addresses(targets.addresses());
      case OptionValue.Mac(MacAddress mac) ->
          new AttributeValue.Mac(HardwareAddress.of(mac.octets()));
      case OptionValue.MemberName(String name) -> new AttributeValue.Numeric(indices.indexOf(name));
    };
  }

  private static Optional<OptionValue> decode(AttributeType type, AttributeValue value, Names names)
      throws NetlinkException {
    return switch (value) {
      case AttributeValue.Numeric(long number) when type == AttributeType.IFINDEX -> {
        OptionalInt index = number == 0 ? OptionalInt.empty() : OptionalInt.of((int) number);
        Optional<String> name =
            index.isPresent() ? names.nameOf(index.getAsInt()) : Optional.empty();
        yield name.map(OptionValue.MemberName::new);
      }
      case AttributeValue.Numeric(long number) -> Optional.of(new OptionValue.Number(number));
      case AttributeValue.Addresses addresses ->
          Optional.of(new OptionValue.Targets(addresses.list()));
      case AttributeValue.Mac(HardwareAddress address) ->
          address.length() == MAC_OCTETS
              ? Optional.of(new OptionValue.Mac(MacAddress.of(address.toBytes())))
              : Optional.empty();
      case AttributeValue.Aggregator _ -> Optional.empty();
    };
  }
}
