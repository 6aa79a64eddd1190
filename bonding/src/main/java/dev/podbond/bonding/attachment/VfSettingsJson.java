package dev.podbond.bonding.attachment;

import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.Optional;
import java.util.stream.Stream;

/// VF settings as JSON: absent members are absent settings.
final class VfSettingsJson {
  private VfSettingsJson() {}

  static JsonObject write(VfSettings settings) {
    return JsonObject.builder()
        .putIfPresent("adminMac", settings.adminMac(), mac -> new JsonString(mac.toString()))
        .putIfPresent("vlan", settings.vlan(), VfSettingsJson::write)
        .putIfPresent("minTxRate", settings.minTxRateMbps())
        .putIfPresent("maxTxRate", settings.maxTxRateMbps())
        .putIfPresent("spoofCheck", settings.spoofCheck(), JsonBoolean::of)
        .putIfPresent("trust", settings.trust(), JsonBoolean::of)
        .putIfPresent("linkState", settings.linkState(), state -> new JsonString(state.toString()))
        .build();
  }

  static VfSettings read(Fields fields) throws InvalidAttachmentException {
    Optional<Fields> vlan = fields.optionalObject("vlan");
    return new VfSettings(
        fields.mac("adminMac"),
        vlan.isEmpty() ? Optional.empty() : Optional.of(readVlan(vlan.get())),
        fields.optionalInteger("minTxRate", 0, Integer.MAX_VALUE),
        fields.optionalInteger("maxTxRate", 0, Integer.MAX_VALUE),
        fields.optionalFlag("spoofCheck"),
        fields.optionalFlag("trust"),
        fields.optional(
            "linkState",
            "auto, enable or disable",
            text ->
                Stream.of(VfLinkState.values())
                    .filter(state -> state.toString().equals(text))
                    .findFirst()));
  }

  private static JsonObject write(VfVlan vlan) {
    return JsonObject.builder()
        .put("id", vlan.id())
        .put("qos", vlan.qos())
        .put("proto", vlan.protocol().toString())
        .build();
  }

  private static VfVlan readVlan(Fields fields) throws InvalidAttachmentException {
    return new VfVlan(
        fields.integer("id", 0, 4094),
        fields.integer("qos", 0, 7),
        fields.required(
            "proto",
            "802.1q or 802.1ad",
            text ->
                Stream.of(VlanProtocol.values())
                    .filter(protocol -> protocol.toString().equals(text))
                    .findFirst()));
  }
}
