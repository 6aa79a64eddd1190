package dev.podbond.bonding.config;

import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// The fields of sriov-cni that a PF sets for its VF; the same for type `sriov` and for a device in
/// a bond's `links`.
final class VfFields {
  private static final int MAX_VLAN = 4094;
  private static final int MAX_QOS = 7;

  private VfFields() {}

  static VfConfig read(Fields fields, Optional<MacAddress> mac) {
    OptionalInt min = fields.integer("min_tx_rate", 0, Integer.MAX_VALUE);
    OptionalInt max = fields.integer("max_tx_rate", 0, Integer.MAX_VALUE);
    if (min.isPresent() && max.orElse(0) != 0 && min.getAsInt() > max.getAsInt()) {
      fields.refuse(
          ConfigProblem.of(
              fields.where("min_tx_rate"),
              min.getAsInt(),
              "it must not be more than max_tx_rate, " + max.getAsInt() + " Mbit/s"));
    }
    return new VfConfig(
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, mac)
            .with(VfSetting.VLAN, vlan(fields))
            .with(VfSetting.MIN_TX_RATE_MBPS, min)
            .with(VfSetting.MAX_TX_RATE_MBPS, max)
            .with(VfSetting.SPOOF_CHECK, onOrOff(fields, "spoofchk"))
            .with(VfSetting.TRUST, onOrOff(fields, "trust"))
            .with(VfSetting.LINK_STATE, linkState(fields)),
        mac);
  }

  /// VLAN id 0 takes the VF out of any VLAN; an absent id leaves its VLAN as it is.
  private static Optional<VfVlan> vlan(Fields fields) {
    OptionalInt id = fields.integer("vlan", 0, MAX_VLAN);
    int qos = fields.integer("vlanQoS", 0, MAX_QOS).orElse(0);
    VlanProtocol protocol = protocol(fields).orElse(VlanProtocol.DOT1Q);
    if (id.orElse(0) == 0) {
      if (qos != 0) {
        fields.refuse(
            ConfigProblem.of(fields.where("vlanQoS"), qos, "it needs a vlan other than 0"));
      }
      if (protocol != VlanProtocol.DOT1Q) {
        fields.refuse(
            ConfigProblem.of(
                fields.where("vlanProto"), protocol.toString(), "it needs a vlan other than 0"));
      }
    }
    return id.isPresent()
        ? Optional.of(new VfVlan(id.getAsInt(), qos, protocol))
        : Optional.empty();
  }

  private static Optional<VlanProtocol> protocol(Fields fields) {
    String allowed = "802.1q or 802.1ad";
    Optional<String> text = fields.filledString("vlanProto", allowed);
    Optional<VlanProtocol> protocol = text.flatMap(VlanProtocol::parse);
    if (text.isPresent() && protocol.isEmpty()) {
      fields.refuse(
          ConfigProblem.of(fields.where("vlanProto"), text.get(), "it must be " + allowed));
    }
    return protocol;
  }

  /// sriov-cni treats any text except "on" as off, which has surprised many users; we refuse it.
  private static Optional<Boolean> onOrOff(Fields fields, String key) {
    Optional<JsonValue> found = fields.find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String word =
        switch (found.get()) {
          case JsonBoolean flag -> flag.toString();
          case JsonString(String text) -> text.toLowerCase(Locale.ROOT);
          default -> "neither";
        };
    return switch (word) {
      case "on", "true" -> Optional.of(true);
      case "off", "false" -> Optional.of(false);
      case "" -> Optional.empty();
      default -> {
        fields.refuse(key, found.get(), "it must be \"on\" or \"off\"");
        yield Optional.empty();
      }
    };
  }

  private static Optional<VfLinkState> linkState(Fields fields) {
    String allowed = "auto, enable or disable";
    Optional<String> text = fields.filledString("link_state", allowed);
    Optional<VfLinkState> state = text.flatMap(VfLinkState::parse);
    if (text.isPresent() && state.isEmpty()) {
      fields.refuse(
          ConfigProblem.of(fields.where("link_state"), text.get(), "it must be " + allowed));
    }
    return state;
  }
}
