package dev.podbond.cli.explain;

import dev.podbond.bonding.config.Standing;
import dev.podbond.cli.yaml.YamlObjects;
import dev.podbond.cli.yaml.YamlReader;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.Position;
import dev.podbond.cluster.source.SourceValue;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the configurations of bonds in a file: in NetworkAttachmentDefinitions, or the file itself
/// being a CNI configuration.
public final class ExplainedNetworks {
  private ExplainedNetworks() {}

  /// One configuration of type `bond`.
  ///
  /// @param standing whether other plugins follow it
  public record Bond(Position at, JsonObject config, Standing standing) {
    /// The IPAM plugin's type.
    public Optional<String> ipamType() {
      return config
          .find("ipam")
          .flatMap(
              ipam -> ipam instanceof JsonObject object ? object.find("type") : Optional.empty())
          .flatMap(type ->
              type instanceof JsonString(String text) && !text.isEmpty()
                  ? Optional.of(text)
                  : Optional.empty());
    }
  }

  /// The bonds of a text in its order.
  ///
  /// @throws LocatedException also if there is none
  public static List<Bond> bonds(String file, String text) throws LocatedException {
    List<Bond> bonds = new ArrayList<>();
    List<SourceValue> documents = YamlReader.read(file, text);
    if (documents.size() == 1
        && documents.getFirst() instanceof SourceValue.Mapping mapping
        && !mapping.entries().containsKey("kind")) {
      collect(mapping.at(), mapping.toJson(), Standing.LAST, bonds);
    } else {
      ReadObjects read = YamlObjects.readEach(file, text);
      for (ReadObjects.Unread unread : read.unread()) {
        if (unread.key().filter(key -> key.kind() == Kind.NETWORK_ATTACHMENT).isPresent()) {
          throw unread.problem();
        }
      }
      for (ClusterObject object : read.objects()) {
        if (object instanceof NetworkAttachment attachment) {
          collect(attachment.source(), attachment.config(), Standing.LAST, bonds);
        }
      }
    }
    if (bonds.isEmpty()) {
      throw new LocatedException(
          new Position(file, 0),
          "there is no network of type bond; give a NetworkAttachmentDefinition or a CNI"
              + " configuration that has one");
    }
    return List.copyOf(bonds);
  }

  private static void collect(Position at, JsonObject config, Standing standing, List<Bond> bonds) {
    if (config.find("type").equals(Optional.of(new JsonString("bond")))) {
      bonds.add(new Bond(at, config, standing));
    }
    if (config.find("plugins").orElse(config) instanceof JsonArray plugins) {
      JsonValue name = config.find("name").orElse(new JsonString(""));
      int last = plugins.elements().size() - 1;
      for (int i = 0; i <= last; i++) {
        if (plugins.elements().get(i) instanceof JsonObject object) {
          collect(
              at, object.with("name", name), i == last ? Standing.LAST : Standing.FOLLOWED, bonds);
        }
      }
    }
  }
}
