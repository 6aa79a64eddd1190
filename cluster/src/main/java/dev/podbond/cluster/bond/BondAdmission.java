package dev.podbond.cluster.bond;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.cluster.object.NetworkPlugins;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.Optional;

/// Whether objects that describe bonds may be stored; uses the plugin's parser and its words.
public final class BondAdmission {
  /// The text may be as long as an object of 1.5 MB, and its tree takes many times as much. The
  /// plugin accepts far less.
  private static final JsonLimits CONFIG = new JsonLimits(Json.MAX_DOCUMENT_BYTES, 100_000);

  private BondAdmission() {}

  /// Why a BondNetwork with this `spec` is refused: it is too large to be read together with all
  /// others.
  public static Optional<String> oversize(JsonObject spec) {
    try {
      JsonObject _ = Json.parseObject(spec.toString(), BondNetwork.SPEC);
      return Optional.empty();
    } catch (JsonException e) {
      return Optional.of("spec is too large for a BondNetwork: " + e.getMessage());
    }
  }

  /// Why a BondNetwork is refused.
  ///
  /// @param rules what it may do in this cluster
  public static Optional<String> refusal(BondNetwork bond, BondRules rules) {
    try {
      bond.bond();
      return bond.nameProblem().or(() -> rules.refusal(bond));
    } catch (InvalidConfigException e) {
      return Optional.of(e.getMessage());
    }
  }

  /// Why a NetworkAttachmentDefinition is refused: a bond plugin in it would refuse it. Other
  /// plugins are not ours to judge, and Multus refuses text that is not JSON.
  ///
  /// @param plugin the name of the bond plugin on the nodes; `bond` always counts as one too
  public static Optional<String> refusal(JsonObject attachment, String plugin) {
    Optional<String> text = LenientObject.text(LenientObject.object(attachment, "spec"), "config");
    String name =
        LenientObject.text(LenientObject.object(attachment, "metadata"), "name").orElse("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    JsonObject config;
    try {
      config = Json.parseObject(text.get(), CONFIG);
    } catch (JsonException _) {
      return Optional.empty();
    }
    String network = LenientObject.text(config, "name").orElse(name);
    for (JsonObject entry : NetworkPlugins.of(config)) {
      String type = LenientObject.text(entry, "type").orElse("");
      if (type.equals("bond") || type.equals(plugin)) {
        try {
          JsonObject _ = Json.parseObject(entry.toString(), JsonLimits.NETWORK_CONFIG);
          parse(entry.with("name", new JsonString(network)));
        } catch (JsonException e) {
          return Optional.of("config is too large for the plugin " + type + ": " + e.getMessage());
        } catch (InvalidConfigException e) {
          return Optional.of(e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  private static void parse(JsonObject config) throws InvalidConfigException {
    if (VlanConfig.isOne(config)) {
      VlanConfig _ = VlanConfig.parse(config, Optional.empty());
    } else {
      BondConfig _ = BondConfig.parse(config, Optional.empty());
    }
  }
}
