package dev.podbond.cluster.bond;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the cluster's owner allows the authors of BondNetworks: the programs that a BondNetwork may
/// run on the nodes.
///
/// @param ipam what an IPAM plugin may do
/// @param chain which plugins may follow the bond
public record BondRules(IpamRule ipam, ChainRule chain) {
  /// The default rules.
  public static final BondRules DEFAULT = new BondRules(IpamRule.DEFAULT, ChainRule.DEFAULT);

  /// The plugins' names in a text, separated by commas.
  static Set<String> types(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(type -> !type.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Why a BondNetwork is refused.
  public Optional<String> refusal(BondNetwork bond) {
    return ipam.refusal(bond).or(() -> chain.refusal(bond));
  }
}
