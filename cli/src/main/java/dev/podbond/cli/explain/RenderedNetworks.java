package dev.podbond.cli.explain;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondMember;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondVlan;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.SourceValue;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;

/// The operator's rendering of a BondNetwork: a network for the bond, and one for each VLAN on it.
/// Only the operator knows the rules of the cluster's owner.
final class RenderedNetworks {
  /// The chart's name for the plugin.
  private static final String PLUGIN = "podbond";

  private RenderedNetworks() {}

  /// @param config the CNI configuration
  record One(JsonObject config, ExplainedNetworks.Rendered rendered) {}

  /// @throws LocatedException if the operator would refuse the object, with the operator's message
  static List<One> of(SourceValue.Mapping document) throws LocatedException {
    JsonObject manifest = document.toJson();
    String apiVersion = LenientObject.text(manifest, "apiVersion").orElse("");
    if (!apiVersion.equals(BondNetwork.API_VERSION)) {
      throw new LocatedException(
          document.at(),
          BondNetwork.KIND,
          "\""
              + apiVersion
              + "\" has no "
              + BondNetwork.KIND
              + "; write apiVersion: "
              + BondNetwork.API_VERSION);
    }
    BondNetwork bond = BondNetwork.of(manifest);
    String name = BondNetwork.KIND + " " + bond.path();
    try {
      var _ = bond.bond();
    } catch (InvalidConfigException e) {
      throw new LocatedException(document.at(), name, String.valueOf(e.getMessage()), e);
    }
    if (bond.nameProblem().isPresent()) {
      throw new LocatedException(document.at(), name, bond.nameProblem().get());
    }
    List<One> networks = new ArrayList<>();
    List<JsonObject> attachments = BondAttachment.render(bond, PLUGIN);
    for (int i = 0; i < attachments.size(); i++) {
      String ifname = i == 0 ? bond.interfaceName() : bond.vlans().get(i - 1).interfaceName();
      String text =
          LenientObject.text(LenientObject.object(attachments.get(i), "spec"), "config")
              .orElseThrow();
      List<String> introduction = new ArrayList<>();
      if (i == 0) {
        introduction.add(inAPod(bond, name));
      }
      introduction.add(
          Kind.NETWORK_ATTACHMENT + " " + bond.attachments().get(i) + " has the config " + text);
      networks.add(new One(parsed(text), new ExplainedNetworks.Rendered(ifname, introduction)));
    }
    return List.copyOf(networks);
  }

  /// The form in which the operator's webhook writes them into the pod's annotation.
  private static String inAPod(BondNetwork bond, String name) {
    List<String> networks = new ArrayList<>();
    for (BondMember member : bond.members()) {
      networks.add(bond.namespace() + "/" + member.network() + "@" + member.interfaceName());
    }
    networks.add(bond.path() + "@" + bond.interfaceName());
    for (BondVlan vlan : bond.vlans()) {
      networks.add(bond.namespace() + "/" + vlan.network() + "@" + vlan.interfaceName());
    }
    return name + ": a pod that asks for it gets the networks " + String.join(", ", networks) + ".";
  }

  private static JsonObject parsed(String config) {
    try {
      return Json.parseObject(config);
    } catch (JsonException e) {
      throw new IllegalStateException("what was rendered is no JSON: " + config, e);
    }
  }
}
