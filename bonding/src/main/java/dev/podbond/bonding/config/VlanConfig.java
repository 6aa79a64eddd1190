package dev.podbond.bonding.config;

import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A VLAN interface on a bond that another attachment made in the same pod, from a network
/// configuration of type `bond` with `vlanOn`. Its name is CNI_IFNAME.
///
/// @param network the network's name
/// @param bond the bond's name in the pod, or an alternative one
/// @param vlanId 1 to 4094
/// @param mtuBytes 68 to 65535; empty for the bond's
/// @param strict whether warnings become errors
public record VlanConfig(
    String network, String bond, int vlanId, OptionalInt mtuBytes, boolean strict) {
  /// The field that tells the configuration of a VLAN from that of a bond.
  public static final String FIELD = "vlanOn";

  /// The largest VLAN id (IEEE 802.1Q keeps 4095).
  public static final int MAX_ID = 4094;

  /// Fields that describe a bond; a VLAN has none of them.
  private static final List<String> FIELDS_OF_BONDS =
      List.of("mode", "links", "linksInContainer", "ifname", "miimon", "failOverMac");

  /// Whether a configuration describes a VLAN.
  public static boolean isOne(JsonObject config) {
    return config.find(FIELD).isPresent();
  }

  /// Reads a network configuration, by the rules of [BondConfig#parse].
  ///
  /// @param cniArgsMac the value of `MAC` in CNI_ARGS
  /// @throws InvalidConfigException that names every problem found
  public static VlanConfig parse(JsonObject config, Optional<String> cniArgsMac)
      throws InvalidConfigException {
    Fields fields = Fields.of(config);
    String network = CommonFields.network(fields);
    Optional<String> bond = bond(fields);
    OptionalInt vlanId = fields.integer("vlan", 1, MAX_ID);
    if (fields.find("vlan").isEmpty()) {
      fields.refuse(ConfigProblem.missing("vlan", "it must be a VLAN id from 1 to " + MAX_ID));
    }
    OptionalInt mtuBytes = BondConfig.mtu(fields);
    for (String field : FIELDS_OF_BONDS) {
      fields
          .find(field)
          .ifPresent(value ->
              fields.refuse(
                  field,
                  value,
                  "with "
                      + FIELD
                      + " this is a VLAN on a bond that is there already; leave it out, or leave "
                      + FIELD
                      + " out"));
    }
    RequestedMac.read(fields, cniArgsMac)
        .ifPresent(mac ->
            fields.refuse(
                ConfigProblem.of(
                    "mac",
                    mac.toString(),
                    "a VLAN has the MAC of its bond; ask for it at the bond's network")));
    boolean strict = fields.flag("strict", false);
    CommonFields.ipam(fields);
    fields.throwIfRefused();
    return new VlanConfig(network, bond.orElseThrow(), vlanId.orElseThrow(), mtuBytes, strict);
  }

  /// This configuration under the rules of a node, which can only restrict it.
  public VlanConfig under(NodeSettings settings) {
    return new VlanConfig(network, bond, vlanId, mtuBytes, strict || settings.strict());
  }

  private static Optional<String> bond(Fields fields) {
    Optional<String> bond = fields.string(FIELD, "the name of a bond in the pod");
    if (bond.isPresent() && !CniIfname.isUsable(bond.get())) {
      fields.refuse(ConfigProblem.of(FIELD, bond.get(), "it must be " + CniIfname.ALLOWED));
    }
    return bond;
  }
}
