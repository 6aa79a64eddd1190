package dev.podbond.cluster.bond;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Which plugins a BondNetwork may chain. Each plugin is a program that runs as root on every node
/// that gets a pod with the bond.
///
/// @param types the plugins' names
public record ChainRule(Set<String> types) {
  /// The default: plugins that change only what is in the pod.
  public static final ChainRule DEFAULT =
      new ChainRule(Set.of("tuning", "sbr", "vrf", "route-override", "bandwidth"));

  public ChainRule {
    types = Set.copyOf(types);
  }

  /// The rule for a list of types separated by commas.
  public static ChainRule of(String types) {
    return new ChainRule(BondRules.types(types));
  }

  /// Why a BondNetwork is refused: it uses a plugin that is not allowed, or names a file of the
  /// nodes to a plugin (as `dataDir`, to which tuning writes what it changed).
  public Optional<String> refusal(BondNetwork bond) {
    return Stream.concat(
            against(BondChain.KEY, bond.chain()),
            bond.vlans().stream()
                .flatMap(vlan ->
                    against(BondChain.KEY + " of VLAN " + vlan.interfaceName(), vlan.chain())))
        .findFirst();
  }

  private Stream<String> against(String chain, List<JsonObject> plugins) {
    return Stream.concat(
        foreign(chain, plugins),
        plugins.stream().flatMap(plugin -> IpamRule.place(outsideIpam(plugin), chain).stream()));
  }

  /// Leaves out `ipam`, which an [IpamRule] judges.
  private static JsonObject outsideIpam(JsonObject plugin) {
    return plugin.withoutAny("ipam");
  }

  private Stream<String> foreign(String chain, List<JsonObject> plugins) {
    return plugins.stream()
        .map(plugin -> LenientObject.text(plugin, "type").orElse(""))
        .filter(type -> !types.contains(type))
        .map(type ->
            chain
                + " has a plugin of type \""
                + type
                + "\": a BondNetwork may chain "
                + (types.isEmpty() ? "none" : String.join(", ", new TreeSet<>(types)))
                + " here; the chart's value bondNetworks.chainTypes allows others");
  }
}
