package dev.podbond.cli.explain;

import dev.podbond.ipam.BuiltInIpam;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Optional;

/// The IPAM plugin of a configuration, and which way a node takes to it.
///
/// @param type the plugin
/// @param whyExecuted empty if Podbond carries it out by itself
public record ExplainedIpam(String type, Optional<String> whyExecuted) {
  /// Of a configuration; empty if it asks for no addresses.
  public static Optional<ExplainedIpam> of(JsonObject config) {
    return config
        .find("ipam")
        .flatMap(ipam -> ipam instanceof JsonObject object ? object.find("type") : Optional.empty())
        .flatMap(type ->
            type instanceof JsonString(String text) && !text.isEmpty()
                ? Optional.of(new ExplainedIpam(text, BuiltInIpam.whyExecuted(text, config, "")))
                : Optional.empty());
  }

  /// Which way a node takes to it.
  public String way() {
    return whyExecuted
        .map(why -> "It executes " + type + ", because " + why + ".")
        .orElse(
            "It does the work of "
                + type
                + " itself instead of executing it, unless the node's builtInIpam is false.");
  }
}
