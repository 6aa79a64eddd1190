package dev.podbond.cluster.bond;

import java.util.Optional;

/// What the cluster's owner allows the authors of BondNetworks: the programs that a BondNetwork may
/// have run on the nodes.
///
/// @param ipam what it may have an IPAM plugin do
/// @param chain which plugins may follow the bond
public record BondRules(IpamRule ipam, ChainRule chain) {
  /// What holds where nobody decided otherwise.
  public static final BondRules DEFAULT = new BondRules(IpamRule.DEFAULT, ChainRule.DEFAULT);

  /// Why a BondNetwork may not be.
  public Optional<String> refusal(BondNetwork bond) {
    return ipam.refusal(bond).or(() -> chain.refusal(bond));
  }
}
