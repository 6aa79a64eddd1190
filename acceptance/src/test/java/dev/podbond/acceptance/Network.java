package dev.podbond.acceptance;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;

/// Network configurations. For readability members are written with single quotes: `'mtu': 1400,
/// 'failOverMac': 0`.
final class Network {
  private static final String BOND =
      """
      'cniVersion': '1.0.0', 'name': 'bond-net', 'type': 'bond', 'mode': 'active-backup',
      'failOverMac': 1, 'miimon': '100', 'linksInContainer': true,
      'links': [{'name': 'net1'}, {'name': 'net2'}]
      """;

  private static final String SRIOV =
      """
      'cniVersion': '1.0.0', 'name': 'vf-net', 'type': 'sriov'
      """;

  private Network() {}

  /// An active-backup bond of net1 and net2, with these members added or changed.
  static JsonObject bond(String members) {
    return JsonObject.builder().putAll(members(BOND)).putAll(members(members)).build();
  }

  /// One VF.
  static JsonObject sriov(String device, String members) {
    return JsonObject.builder()
        .putAll(members(SRIOV))
        .put("deviceID", device)
        .putAll(members(members))
        .build();
  }

  static JsonObject members(String members) {
    try {
      return Json.parseObject("{" + members.replace('\'', '"') + "}");
    } catch (JsonException e) {
      throw new AssertionError(members, e);
    }
  }
}
