package dev.podbond.cli.policy;

import dev.podbond.node.sysfs.PfDevice;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What all policies together want of one PF.
///
/// @param numVfs how many VFs it is to have
/// @param mtuBytes the MTU that the PF is to have at least
/// @param groups its VFs by resource; no two overlap
/// @param externallyManaged whether somebody else makes the VFs
public record DesiredPf(
    PfDevice pf,
    int numVfs,
    OptionalInt mtuBytes,
    List<DesiredVfs> groups,
    boolean externallyManaged) {
  public DesiredPf {
    groups = List.copyOf(groups);
  }

  /// The group that a VF belongs to.
  public Optional<DesiredVfs> groupOf(int vfIndex) {
    return groups.stream().filter(group -> group.range().contains(vfIndex)).findFirst();
  }
}
