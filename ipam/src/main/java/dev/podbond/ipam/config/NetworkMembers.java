package dev.podbond.ipam.config;

import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniNames;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an IPAM plugin reads of the configuration of the plugin that calls it. The rest belongs to
/// that plugin.
///
/// @param name the network
/// @param version must be stated: without one, host-local and static refuse
/// @param ipam the plugin's own part
/// @param runtimeConfig what the runtime hands over by capabilities
/// @param cniArgs what is asked for by `args.cni`
public record NetworkMembers(
    String name, CniVersion version, JsonValue ipam, Members runtimeConfig, Members cniArgs) {
  private static final Set<String> TOP =
      Set.of("name", "cniVersion", "ipam", "runtimeConfig", "args");

  /// Reads a configuration.
  public static NetworkMembers of(JsonObject config) throws UnfamiliarException {
    Members top = Members.some("", config, TOP);
    String name = top.text("name").orElseThrow(() -> top.unfamiliar("name", "is missing"));
    try {
      CniNames.requireNetworkName(name);
    } catch (CniException e) {
      throw new UnfamiliarException("name: " + e.getMessage());
    }
    Optional<CniVersion> version = top.text("cniVersion").flatMap(CniVersion::of);
    Members args = Members.some("args", top.value("args").orElse(JsonObject.of()), Set.of("cni"));
    return new NetworkMembers(
        name,
        version.orElseThrow(() -> top.unfamiliar("cniVersion", "is missing or unknown")),
        top.value("ipam").orElseThrow(() -> top.unfamiliar("ipam", "is missing")),
        Members.some(
            "runtimeConfig",
            top.value("runtimeConfig").orElse(JsonObject.of()),
            Set.of("ips", "ipRanges")),
        Members.some("args.cni", args.value("cni").orElse(JsonObject.of()), Set.of("ips")));
  }

  /// The addresses that the call asks for, first those of `args`, then those of `runtimeConfig`.
  public List<List<String>> wishes() throws UnfamiliarException {
    return List.of(cniArgs.texts("ips"), runtimeConfig.texts("ips"));
  }
}
