package dev.podbond.cli.explain;

import dev.podbond.bonding.config.Standing;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.NetworkPlugins;
import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.Position;
import dev.podbond.cluster.source.SourceValue;
import dev.podbond.cluster.yaml.YamlReader;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the configurations of bonds, and of VLANs on them, in a file. They are in
/// NetworkAttachmentDefinitions or rendered from BondNetworks, or the file itself is a CNI
/// configuration.
public final class ExplainedNetworks {
  /// The plugin's own name, and the one under which the chart puts it on nodes.
  private static final Set<String> TYPES = Set.of("bond", "podbond");

  private ExplainedNetworks() {}

  /// One configuration of type `bond`.
  ///
  /// @param standing whether other plugins follow it
  /// @param rendered its origin, if it was rendered from a BondNetwork
  public record Network(
      Position at, JsonObject config, Standing standing, Optional<Rendered> rendered) {
    /// The IPAM plugin.
    public Optional<ExplainedIpam> ipam() {
      return ExplainedIpam.of(config);
    }
  }

  /// The additions for a network rendered from a BondNetwork.
  ///
  /// @param ifname the pod's interface name, unless the pod requests another
  /// @param introduction sentences to print before the explanation
  public record Rendered(String ifname, List<String> introduction) {
    public Rendered {
      introduction = List.copyOf(introduction);
    }
  }

  /// The networks of a text, in its order.
  ///
  /// @throws LocatedException also if it has no network
  public static List<Network> networks(String file, String text) throws LocatedException {
    List<Network> networks = new ArrayList<>();
    List<SourceValue> documents = YamlReader.read(file, text);
    if (documents.size() == 1
        && documents.getFirst() instanceof SourceValue.Mapping mapping
        && !mapping.entries().containsKey("kind")) {
      collect(mapping.at(), mapping.toJson(), Optional.empty(), networks);
    } else {
      for (SourceValue document : documents) {
        ofDocument(document, networks);
      }
    }
    if (networks.isEmpty()) {
      throw NothingToExplain.of(file, documents);
    }
    return List.copyOf(networks);
  }

  private static void ofDocument(SourceValue document, List<Network> networks)
      throws LocatedException {
    if (document instanceof SourceValue.Mapping mapping) {
      if (isOfKind(mapping, "List")
          && mapping.entries().get("items") instanceof SourceValue.Sequence items) {
        for (SourceValue item : items.elements()) {
          ofDocument(item, networks);
        }
        return;
      }
      if (isOfKind(mapping, BondNetwork.KIND)) {
        ofBondNetwork(mapping, networks);
        return;
      }
    }
    ReadObjects read = ObjectReader.read(List.of(document));
    for (ReadObjects.Unread unread : read.unread()) {
      if (unread.key().filter(key -> key.kind() == Kind.NETWORK_ATTACHMENT).isPresent()) {
        throw unread.problem();
      }
    }
    for (NetworkAttachment attachment :
        ClusterObject.only(NetworkAttachment.class, read.objects())) {
      collect(attachment.source(), attachment.config(), Optional.empty(), networks);
    }
  }

  private static boolean isOfKind(SourceValue.Mapping mapping, String kind) {
    return mapping.entries().get("kind") instanceof SourceValue.Scalar scalar
        && scalar.value().equals(new JsonString(kind));
  }

  private static void ofBondNetwork(SourceValue.Mapping document, List<Network> networks)
      throws LocatedException {
    for (RenderedNetworks.One one : RenderedNetworks.of(document)) {
      collect(document.at(), one.config(), Optional.of(one.rendered()), networks);
    }
  }

  private static void collect(
      Position at, JsonObject config, Optional<Rendered> rendered, List<Network> networks) {
    List<JsonObject> plugins = NetworkPlugins.of(config);
    for (int i = 0; i < plugins.size(); i++) {
      JsonObject plugin = plugins.get(i);
      if (plugin.find("type").orElse(plugin) instanceof JsonString(String type)
          && TYPES.contains(type)) {
        Standing standing = i == plugins.size() - 1 ? Standing.LAST : Standing.FOLLOWED;
        networks.add(new Network(at, plugin, standing, rendered));
      }
    }
  }
}
