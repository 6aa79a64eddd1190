package dev.podbond.cli.explain;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionAnnotation;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.SourceValue;
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
    List<JsonObject> configs = BondAttachment.configs(bond, PLUGIN);
    for (int i = 0; i < configs.size(); i++) {
      String ifname = i == 0 ? bond.interfaceName() : bond.vlans().get(i - 1).interfaceName();
      List<String> introduction = new ArrayList<>();
      if (i == 0) {
        introduction.add(inAPod(bond, name));
      }
      introduction.add(
          Kind.NETWORK_ATTACHMENT
              + " "
              + bond.attachments().get(i)
              + " has the config "
              + configs.get(i));
      networks.add(new One(configs.get(i), new ExplainedNetworks.Rendered(ifname, introduction)));
    }
    return List.copyOf(networks);
  }

  /// The form in which the operator's webhook writes them into the pod's annotation.
  private static String inAPod(BondNetwork bond, String name) {
    List<NetworkSelection> networks = new ArrayList<>(bond.memberNetworks());
    networks.add(NetworkSelection.of(bond.namespace(), bond.name(), bond.interfaceName()));
    networks.addAll(bond.vlanNetworks());
    return name
        + ": a pod that asks for it gets the networks "
        + new SelectionAnnotation(networks, false).text()
        + switch (bond.allocation()) {
          case Allocation.DevicePlugin _ -> ".";
          case Allocation.Dra _ ->
              ", and a claim "
                  + ClaimTemplate.claimName(bond)
                  + " of its VFs, from a ResourceClaimTemplate that the operator makes.";
        };
  }
}
