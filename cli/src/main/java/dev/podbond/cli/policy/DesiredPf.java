package dev.podbond.cli.policy;

import dev.podbond.node.sysfs.PfDevice;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The state of one PF that all policies together require.
///
/// @param numVfs its required number of VFs
/// @param mtuBytes the minimum MTU of the PF
/// @param groups its VFs by resource; they do not overlap
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
