package dev.podbond.bonding.config;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.json.JsonObject;
import dev.podbond.value.MacAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The bond that one network configuration of type `bond` describes: every field of bond-cni with
/// its name and meaning, and the further ones of Podbond.
///
/// @param network the network's name, which is not the bond's
/// @param options everything to send to the kernel, `mode` included; the kernel chooses absent
///   options
/// @param members 2 to 16, in the order in which to make them members
/// @param linksInContainer whether named members are in the pod already
/// @param hostLinksAllowed whether this node lets a configuration take named links from the host
/// @param ifname the bond's name as the configuration wants it; see [BondNames]
/// @param mtuBytes 68 to 65535; empty for the smallest MTU among the members
/// @param mac the bond's own MAC; empty for the first member's
/// @param vlanId a VLAN interface to make on top of the bond, 1 to 4094
/// @param strict whether warnings become errors
public record BondConfig(
    String network,
    BondMode mode,
    BondOptions options,
    List<MemberSpec> members,
    boolean linksInContainer,
    boolean hostLinksAllowed,
    Optional<String> ifname,
    OptionalInt mtuBytes,
    Optional<MacAddress> mac,
    OptionalInt vlanId,
    boolean strict) {
  /// The miimon for a configuration without any link monitor: bond-cni refuses such a
  /// configuration, and the kernel would not monitor.
  public static final int DEFAULT_MIIMON_MILLIS = 100;

  private static final int MIN_MTU = 68;
  private static final int MAX_MTU = 65535;

  public BondConfig {
    members = List.copyOf(members);
  }

  /// The MTU of the bond over links with these MTUs; empty if there are none and the configuration
  /// asks for none.
  public OptionalInt mtuBytes(IntStream links) {
    return mtuBytes.isPresent() ? mtuBytes : links.min();
  }

  /// Reads a network configuration as the runtime passes it, with Go's rules: keys in any letter
  /// case, unknown keys ignored, null means absent. Accepts whatever bond-cni accepts.
  ///
  /// @param cniArgsMac the value of `MAC` in CNI_ARGS
  /// @throws InvalidConfigException that names every problem found
  public static BondConfig parse(JsonObject config, Optional<String> cniArgsMac)
      throws InvalidConfigException {
    Fields fields = Fields.of(config);
    String network = CommonFields.network(fields);
    Optional<BondMode> mode = mode(fields);
    BondOptions options = options(fields);
    List<MemberSpec> members = LinkList.read(fields, mode);
    mode.ifPresent(known -> OptionConstraints.check(fields, known, options, members));
    boolean linksInContainer = fields.flag("linksInContainer", false);
    boolean hostLinksAllowed = fields.flag("allowHostLinks", true);
    Optional<String> ifname = BondNames.field(fields);
    OptionalInt mtuBytes = mtu(fields);
    Optional<MacAddress> mac = RequestedMac.read(fields, cniArgsMac);
    OptionalInt vlanId = fields.integer("vlan", 0, VlanConfig.MAX_ID);
    boolean strict = fields.flag("strict", false);
    CommonFields.ipam(fields);
    fields.throwIfRefused();
    return new BondConfig(
        network,
        mode.orElseThrow(),
        OptionConstraints.withoutIdleDelays(options)
            .with(BondOption.MODE, new OptionValue.Number(mode.orElseThrow().number())),
        members,
        linksInContainer,
        hostLinksAllowed,
        ifname,
        mtuBytes,
        mac,
        vlanId.orElse(0) == 0 ? OptionalInt.empty() : vlanId,
        strict);
  }

  /// This configuration under the rules of a node, which can only restrict it.
  public BondConfig under(NodeSettings settings) {
    return new BondConfig(
        network,
        mode,
        options,
        members,
        linksInContainer,
        hostLinksAllowed && settings.hostLinksAllowed(),
        ifname,
        mtuBytes,
        mac,
        vlanId,
        strict || settings.strict());
  }

  private static Optional<BondMode> mode(Fields fields) {
    if (fields.find(BondOption.MODE.key()).isEmpty()) {
      fields.refuse(
          ConfigProblem.missing(
              BondOption.MODE.key(), "it must be " + BondOption.MODE.domain().phrase()));
      return Optional.empty();
    }
    return OptionField.read(fields, BondOption.MODE)
        .flatMap(value ->
            value instanceof OptionValue.Number(long number)
                ? BondMode.of(number)
                : Optional.empty());
  }

  /// The given options, plus a link monitor if there is none; a problem in `mode` is already
  /// reported.
  private static BondOptions options(Fields fields) {
    Map<BondOption, OptionValue> given = new EnumMap<>(BondOption.class);
    for (BondOption option : BondOption.values()) {
      if (option != BondOption.MODE) {
        OptionField.read(fields, option).ifPresent(value -> given.put(option, value));
      }
    }
    BondOptions options = new BondOptions(given);
    return fields.find(BondOption.MIIMON.key()).isEmpty()
            && OptionConstraints.number(options, BondOption.ARP_INTERVAL) == 0
        ? options.with(BondOption.MIIMON, new OptionValue.Number(DEFAULT_MIIMON_MILLIS))
        : options;
  }

  /// bond-cni and Go treat 0 as absent.
  static OptionalInt mtu(Fields fields) {
    String allowed = "a whole number from " + MIN_MTU + " to " + MAX_MTU + ", or 0 for none";
    OptionalInt mtu = fields.integer("mtu", 0, MAX_MTU, allowed);
    if (mtu.orElse(0) != 0 && mtu.getAsInt() < MIN_MTU) {
      fields.refuse(ConfigProblem.of("mtu", mtu.getAsInt(), "it must be " + allowed));
    }
    return mtu.orElse(0) == 0 ? OptionalInt.empty() : mtu;
  }
}
