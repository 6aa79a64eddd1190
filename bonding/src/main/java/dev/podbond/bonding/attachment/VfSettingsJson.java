package dev.podbond.bonding.attachment;

import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.Optional;

/// VF settings as JSON; an absent member is an absent setting.
final class VfSettingsJson {
  private VfSettingsJson() {}

  static JsonObject write(VfSettings settings) {
    return JsonObject.builder()
        .putIfPresent("adminMac", settings.adminMac(), mac -> new JsonString(mac.toString()))
        .putIfPresent("vlan", settings.vlan(), VfSettingsJson::write)
        .putIfPresent("minTxRate", settings.minTxRateMbps(), number -> JsonNumber.of(number))
        .putIfPresent("maxTxRate", settings.maxTxRateMbps(), number -> JsonNumber.of(number))
        .putIfPresent("spoofCheck", settings.spoofCheck(), JsonBoolean::of)
        .putIfPresent("trust", settings.trust(), JsonBoolean::of)
        .putIfPresent("linkState", settings.linkState(), state -> new JsonString(state.toString()))
        .build();
  }

  static VfSettings read(JsonReader<InvalidAttachmentException> fields)
      throws InvalidAttachmentException {
    Optional<JsonReader<InvalidAttachmentException>> vlan = fields.object("vlan");
    return VfSettings.NONE
        .with(VfSetting.ADMIN_MAC, fields.parsed("adminMac", "a MAC address", MacAddress::parse))
        .with(VfSetting.VLAN, vlan.isEmpty() ? Optional.empty() : Optional.of(readVlan(vlan.get())))
        .with(VfSetting.MIN_TX_RATE_MBPS, fields.integer("minTxRate", 0, Integer.MAX_VALUE))
        .with(VfSetting.MAX_TX_RATE_MBPS, fields.integer("maxTxRate", 0, Integer.MAX_VALUE))
        .with(VfSetting.SPOOF_CHECK, fields.bool("spoofCheck"))
        .with(VfSetting.TRUST, fields.bool("trust"))
        .with(
            VfSetting.LINK_STATE,
            fields.parsed("linkState", "auto, enable or disable", VfLinkState::parse));
  }

  private static JsonObject write(VfVlan vlan) {
    return JsonObject.builder()
        .put("id", vlan.id())
        .put("qos", vlan.qos())
        .put("proto", vlan.protocol().toString())
        .build();
  }

  private static VfVlan readVlan(JsonReader<InvalidAttachmentException> fields)
      throws InvalidAttachmentException {
    return new VfVlan(
        fields.requireInteger("id", 0, 4094),
        fields.requireInteger("qos", 0, 7),
        fields.require("proto", "802.1q or 802.1ad", VlanProtocol::parse));
  }
}
