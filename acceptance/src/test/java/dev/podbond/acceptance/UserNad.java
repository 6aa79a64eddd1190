package dev.podbond.acceptance;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.io.IOException;

/// The network attachment definition of our user's document, and what its ADD answers.
final class UserNad {
  private UserNad() {}

  static JsonObject config(Node node) {
    return Network.members(
        """
        'type': 'bond', 'cniVersion': '0.3.1', 'name': 'bond-net1', 'ifname': 'bond0',
        'mode': 'active-backup', 'failOverMac': 1, 'linksInContainer': true,
        'miimon': '100', 'mtu': 1500,
        'links': [{'name': 'net1'}, {'name': 'net2'}],
        'ipam': {'type': 'host-local', 'subnet': '10.56.217.0/24', 'dataDir': '%s',
                 'routes': [{'dst': '0.0.0.0/0', 'gw': '10.56.217.1'}]}
        """
            .formatted(node.ipamStore()));
  }

  /// In the layout of version 0.3.1.
  static JsonObject result(Pod pod) throws IOException, JsonException {
    return Json.parseObject(
        """
        {"cniVersion": "0.3.1",
         "interfaces": [{"name": "bond0", "mac": "%s", "sandbox": "%s"}],
         "ips": [{"version": "4", "interface": 0, "address": "10.56.217.2/24",
                  "gateway": "10.56.217.1"}],
         "routes": [{"dst": "0.0.0.0/0", "gw": "10.56.217.1"}],
         "dns": {}}
        """
            .formatted(pod.ip().link("bond0").mac(), pod.netns()));
  }
}
