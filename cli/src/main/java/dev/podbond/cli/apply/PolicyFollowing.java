package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.policy.NodeDemand;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.node.sysfs.PfDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Makes a set of policies the only ones of this machine: those that are not in it any more are
/// deleted, all others applied, by [Apply] and [Delete] themselves.
public final class PolicyFollowing {
  private final Workspace workspace;

  public PolicyFollowing(Workspace workspace) {
    this.workspace = workspace;
  }

  /// Follows a new set. In a cluster it is usual that a policy selects no PF of this machine.
  ///
  /// @throws LocatedException for the first policy that cannot be followed; following again goes on
  ///   from there
  public void become(List<NodePolicy> wanted)
      throws LocatedException, StoreException, MachineException {
    Set<ObjectKey> keys = wanted.stream().map(NodePolicy::key).collect(Collectors.toSet());
    List<ClusterObject> gone = new ArrayList<>();
    for (NodePolicy known : workspace.store().policies()) {
      if (!keys.contains(known.key())) {
        gone.add(known);
      }
    }
    new Delete(workspace).delete(gone);
    List<PfDevice> pfs = workspace.pfDevices();
    List<ClusterObject> here = new ArrayList<>();
    for (NodePolicy policy : wanted) {
      if (pfs.stream().anyMatch(pf -> NodeDemand.selects(policy.nicSelector(), pf))) {
        here.add(policy);
      }
    }
    new Apply(workspace).apply(here);
  }
}
