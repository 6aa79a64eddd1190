package dev.podbond.cli.policy;

import dev.podbond.cli.machine.PfState;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.node.sysfs.PfDevice;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Those checks of the operator's admission webhook that need the node, and one that it lacks: the
/// ranges of policies for one PF must not overlap, in whatever order the policies come.
public final class PolicyCheck {
  private static final int MELLANOX = 0x15b3;
  private static final int MELLANOX_MAX_VFS = 128;

  private PolicyCheck() {}

  /// Checks a policy against the node and against the other policies.
  ///
  /// @throws LocatedException that names the policy and the fix
  public static void require(NodePolicy policy, Collection<NodePolicy> others, List<PfState> pfs)
      throws LocatedException {
    List<PfState> selected =
        pfs.stream().filter(pf -> DesiredNode.selects(policy.nicSelector(), pf.device())).toList();
    if (selected.isEmpty()) {
      throw problem(
          policy,
          "its nicSelector selects no PF of this machine; it has "
              + (pfs.isEmpty()
                  ? "none at all"
                  : pfs.stream()
                      .map(PfState::device)
                      .map(pf ->
                          pf.name()
                              + String.format(
                                  " (%s, vendor %04x, device %04x)",
                                  pf.pci(), pf.vendorId(), pf.deviceId()))
                      .collect(Collectors.joining(", "))));
    }
    for (PfState pf : selected) {
      requireEnoughVfs(policy, pf.device());
      requireEnoughMtu(policy, pf);
    }
    for (NodePolicy other : others) {
      if (!other.key().equals(policy.key())) {
        for (PfState pf : selected) {
          requireOneMaker(policy, other, pf.device());
          requireDisjoint(policy, other, pf.device());
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

  /// Whoever makes the VFs of a PF also sets its MTU.
  private static void requireEnoughMtu(NodePolicy policy, PfState pf) throws LocatedException {
    if (policy.externallyManaged() && policy.mtuBytes().orElse(0) > pf.mtuBytes()) {
      throw problem(
          policy,
          "it is externallyManaged and wants the MTU "
              + policy.mtuBytes().getAsInt()
              + ", but "
              + pf.device()
              + " has "
              + pf.mtuBytes()
              + "; raise that first, lower mtu, or leave externallyManaged out");
    }
  }

  /// The VFs of a PF are made all at once. If somebody else makes them, we must not make any: that
  /// would delete VFs that belong to no policy.
  private static void requireOneMaker(NodePolicy policy, NodePolicy other, PfDevice pf)
      throws LocatedException {
    if (policy.externallyManaged() != other.externallyManaged()
        && DesiredNode.selects(other.nicSelector(), pf)) {
      throw problem(
          policy,
          "it is "
              + (policy.externallyManaged() ? "" : "not ")
              + "externallyManaged, and "
              + other.key()
              + " ("
              + other.source()
              + "), which selects "
              + pf.name()
              + " as well, is"
              + (policy.externallyManaged() ? " not" : "")
              + "; either Podbond makes all VFs of a PF or somebody else does: set it alike in"
              + " both");
    }
  }

  /// Two policies may select the same PF if one is stronger, or if their VFs differ.
  private static void requireDisjoint(NodePolicy policy, NodePolicy other, PfDevice pf)
      throws LocatedException {
    if (policy.priority() == other.priority()
        && DesiredNode.selects(other.nicSelector(), pf)
        && DesiredNode.range(policy, pf).overlaps(DesiredNode.range(other, pf))) {
      throw problem(
          policy,
          "it and "
              + other.key()
              + " ("
              + other.source()
              + ") both want VFs "
              + DesiredNode.range(policy, pf)
              + " and "
              + DesiredNode.range(other, pf)
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
