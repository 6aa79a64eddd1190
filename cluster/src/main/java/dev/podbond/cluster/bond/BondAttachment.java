package dev.podbond.cluster.bond;

import dev.podbond.cluster.object.Kind;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Renders the NetworkAttachmentDefinitions of a BondNetwork, through which Multus finds it.
public final class BondAttachment {
  private BondAttachment() {}

  /// The objects to apply: that of the bond, then those of its VLANs. They are deleted with the
  /// BondNetwork.
  ///
  /// @param plugin the name of the plugin on the nodes
  public static List<JsonObject> render(BondNetwork bond, String plugin) {
    List<JsonObject> rendered = new ArrayList<>();
    List<JsonObject> configs = configs(bond, plugin);
    rendered.add(attachment(bond, bond.name(), configs.getFirst()));
    for (int i = 0; i < bond.vlans().size(); i++) {
      rendered.add(attachment(bond, bond.vlans().get(i).network(), configs.get(i + 1)));
    }
    return List.copyOf(rendered);
  }

  /// The CNI configurations in these objects, in the same order.
  ///
  /// @param plugin the name of the plugin on the nodes
  public static List<JsonObject> configs(BondNetwork bond, String plugin) {
    List<JsonObject> configs = new ArrayList<>();
    configs.add(list(bond.config(), bond.chain(), plugin));
    bond.vlans().forEach(vlan -> configs.add(list(vlan.config(), vlan.chain(), plugin)));
    return List.copyOf(configs);
  }

  /// One plugin's configuration, or a list if other plugins follow it.
  private static JsonObject list(JsonObject config, List<JsonObject> chain, String plugin) {
    JsonObject first = config.with("type", new JsonString(plugin));
    if (chain.isEmpty()) {
      return first;
    }
    List<JsonValue> plugins = new ArrayList<>();
    plugins.add(first.without("cniVersion").without("name"));
    plugins.addAll(chain);
    return JsonObject.builder()
        .putIfPresent("cniVersion", config.get("cniVersion"))
        .putIfPresent("name", config.get("name"))
        .put("plugins", new JsonArray(plugins))
        .build();
  }

  private static JsonObject attachment(BondNetwork bond, String name, JsonObject config) {
    return JsonObject.builder()
        .put("apiVersion", Kind.NETWORK_ATTACHMENT.apiVersion())
        .put("kind", Kind.NETWORK_ATTACHMENT.toString())
        .put(
            "metadata",
            JsonObject.builder()
                .put("name", name)
                .put("namespace", bond.namespace())
                .put(
                    "labels",
                    JsonObject.of("app.kubernetes.io/managed-by", new JsonString("podbond")))
                .put("ownerReferences", JsonArray.of(ownerReference(bond)))
                .build())
        .put("spec", JsonObject.of("config", new JsonString(config.toString())))
        .build();
  }

  /// Whether a network attachment was rendered from the BondNetwork.
  public static boolean isOwnedBy(JsonObject attachment, BondNetwork bond) {
    return owners(attachment)
        .anyMatch(owner -> owner.get("uid").equals(Optional.of(new JsonString(bond.uid()))));
  }

  /// Whether a network attachment was rendered from some BondNetwork.
  public static boolean isRendered(JsonObject attachment) {
    return owners(attachment)
        .anyMatch(owner -> LenientObject.text(owner, "kind").equals(Optional.of(BondNetwork.KIND)));
  }

  private static Stream<JsonObject> owners(JsonObject attachment) {
    return LenientObject.objects(LenientObject.object(attachment, "metadata"), "ownerReferences")
        .stream();
  }

  /// The entry of an object's `ownerReferences` with which it is deleted with its BondNetwork.
  public static JsonObject ownerReference(BondNetwork bond) {
    return JsonObject.builder()
        .put("apiVersion", BondNetwork.API_VERSION)
        .put("kind", BondNetwork.KIND)
        .put("name", bond.name())
        .put("uid", bond.uid())
        .put("controller", JsonBoolean.TRUE)
        .put("blockOwnerDeletion", JsonBoolean.TRUE)
        .build();
  }
}
