package dev.podbond.cluster.bond;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Which plugins a BondNetwork may chain. Each is a program that runs as root on every node that a
/// pod of the bond comes to.
///
/// @param types the plugins' names
public record ChainRule(Set<String> types) {
  /// What holds where nobody decided otherwise: plugins that change what is in the pod alone.
  public static final ChainRule DEFAULT =
      new ChainRule(Set.of("tuning", "sbr", "vrf", "route-override", "bandwidth"));

  public ChainRule {
    types = Set.copyOf(types);
  }

  /// The rule of a list of types with commas between them.
  public static ChainRule of(String types) {
    Set<String> named = new TreeSet<>();
    Arrays.stream(types.split(",", -1))
        .map(String::strip)
        .filter(type -> !type.isEmpty())
        .forEach(named::add);
    return new ChainRule(named);
  }

  /// Why a BondNetwork may not be: a plugin that is not allowed, or one that is told of a file of
  /// the nodes, as tuning by `dataDir`, where it writes what it changed.
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

  /// What is in `ipam` is for an [IpamRule] to judge.
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
