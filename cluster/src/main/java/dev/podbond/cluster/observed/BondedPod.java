package dev.podbond.cluster.observed;

import java.util.List;
import java.util.Optional;

/// A running pod that may have bonds.
///
/// @param uses the BondNetworks that it asked for
/// @param version of the object with these conditions, which grows with each change; 0 if unknown
/// @param conditions its present conditions of ours
public record BondedPod(
    String namespace,
    String name,
    String uid,
    String node,
    List<BondUse> uses,
    long version,
    List<PodCondition> conditions) {
  public BondedPod {
    uses = List.copyOf(uses);
    conditions = List.copyOf(conditions);
  }

  /// `namespace/name`.
  public String path() {
    return namespace + "/" + name;
  }

  /// The same pod with these conditions.
  public BondedPod with(List<PodCondition> others) {
    return new BondedPod(namespace, name, uid, node, uses, version, others);
  }

  Optional<PodCondition> condition(String type) {
    return conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }

  /// What its conditions say that it has lost.
  Standing.Loss told() {
    if (condition(PodCondition.UP).filter(up -> up.is(PodCondition.FALSE)).isPresent()) {
      return Standing.Loss.TRAFFIC;
    }
    return condition(PodCondition.REDUNDANT)
        .filter(redundant -> redundant.is(PodCondition.FALSE))
        .map(redundant ->
            switch (redundant.reason()) {
              case PodConditions.ONE_PF -> Standing.Loss.NONE;
              case PodConditions.DEGRADED -> Standing.Loss.QUALITY;
              default -> Standing.Loss.REDUNDANCY;
            })
        .orElse(Standing.Loss.NONE);
  }
}
