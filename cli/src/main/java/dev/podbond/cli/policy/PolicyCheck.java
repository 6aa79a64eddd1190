package dev.podbond.cli.policy;

import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.node.sysfs.PfDevice;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// The checks of the operator's admission webhook that need the node, and one that it lacks: ranges
/// of one PF must not overlap whatever the order of the policies.
public final class PolicyCheck {
  private static final int MELLANOX = 0x15b3;
  private static final int MELLANOX_MAX_VFS = 128;

  private PolicyCheck() {}

  /// Checks a policy against the node and against the other policies.
  ///
  /// @throws LocatedException naming the policy and the fix
  public static void require(NodePolicy policy, Collection<NodePolicy> others, List<PfDevice> pfs)
      throws LocatedException {
    List<PfDevice> selected =
        pfs.stream().filter(pf -> NodeDemand.selects(policy.nicSelector(), pf)).toList();
    if (selected.isEmpty()) {
      throw problem(
          policy,
          "its nicSelector selects no PF of this machine; it has "
              + (pfs.isEmpty()
                  ? "none at all"
                  : pfs.stream()
                      .map(pf ->
                          pf.name()
                              + String.format(
                                  " (%s, vendor %04x, device %04x)",
                                  pf.pci(), pf.vendorId(), pf.deviceId()))
                      .collect(Collectors.joining(", "))));
    }
    for (PfDevice pf : selected) {
      requireEnoughVfs(policy, pf);
    }
    for (NodePolicy other : others) {
      if (!other.key().equals(policy.key())) {
        for (PfDevice pf : selected) {
          requireDisjoint(policy, other, pf);
        }
      }
    }
  }

  private static void requireEnoughVfs(NodePolicy policy, PfDevice pf) throws LocatedException {
    int most = pf.vendorId() == MELLANOX ? MELLANOX_MAX_VFS : pf.totalVfs();
    if (policy.numVfs() > most) {
      throw problem(
          policy,
          "numVfs "
              + policy.numVfs()
              + " is more than the "
              + most
              + " that "
              + pf
              + " offers; lower it");
    }
    if (policy.externallyManaged() && policy.numVfs() > pf.numVfs()) {
      throw problem(
          policy,
          "it is externallyManaged and wants "
              + policy.numVfs()
              + " VFs, but "
              + pf
              + " has "
              + pf.numVfs()
              + "; make them first or leave externallyManaged out");
    }
  }

  /// Two policies may meet on one PF if one is stronger, or if their VFs are not the same ones.
  private static void requireDisjoint(NodePolicy policy, NodePolicy other, PfDevice pf)
      throws LocatedException {
    if (policy.priority() == other.priority()
        && NodeDemand.selects(other.nicSelector(), pf)
        && NodeDemand.range(policy, pf).overlaps(NodeDemand.range(other, pf))) {
      throw problem(
          policy,
          "it and "
              + other.key()
              + " ("
              + other.source()
              + ") both want VFs "
              + NodeDemand.range(policy, pf)
              + " and "
              + NodeDemand.range(other, pf)
              + " of "
              + pf.name()
              + "; give each its own, as pfNames [\""
              + pf.name()
              + "#0-1\"]");
    }
  }

  private static LocatedException problem(NodePolicy policy, String problem) {
    return new LocatedException(policy.source(), policy.key().toString(), problem);
  }
}
