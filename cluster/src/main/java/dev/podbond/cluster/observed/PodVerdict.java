package dev.podbond.cluster.observed;

import java.util.List;

/// Conditions that a pod must get.
///
/// @param pod as it was when this was decided
/// @param conditions all that it is to have of ours
public record PodVerdict(BondedPod pod, List<PodCondition> conditions) {
  public PodVerdict {
    conditions = List.copyOf(conditions);
  }
}
