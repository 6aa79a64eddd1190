package dev.podbond.cluster.bond;

import java.util.Optional;

/// What the cluster's owner allows the authors of BondNetworks: the programs that a BondNetwork may
/// run on the nodes.
///
/// @param ipam what an IPAM plugin may do
/// @param chain which plugins may follow the bond
public record BondRules(IpamRule ipam, ChainRule chain) {
  /// The default rules.
  public static final BondRules DEFAULT = new BondRules(IpamRule.DEFAULT, ChainRule.DEFAULT);

  /// Why a BondNetwork is refused.
  public Optional<String> refusal(BondNetwork bond) {
    return ipam.refusal(bond).or(() -> chain.refusal(bond));
  }
}
