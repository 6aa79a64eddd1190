package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.policy.DesiredNode;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.node.sysfs.PfDevice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes a set of policies the only ones of this machine: those that are not in it any more are
/// deleted, all others applied, by [Apply] and [Delete] themselves.
public final class PolicyFollowing {
  private final ApplyContext context;

  public PolicyFollowing(ApplyContext context) {
    this.context = context;
  }

  /// Follows a new set. In a cluster it is usual that a policy selects no PF of this machine.
  ///
  /// @param leftAlone policies that are there and cannot be carried out: whatever they were before
  ///   stays as it is
  /// @throws LocatedException for the first policy that cannot be followed, the others suppressed
  ///   into it; all else has been done, and following again tries these again
  public void become(List<NodePolicy> wanted, Set<ObjectKey> leftAlone)
      throws LocatedException, StoreException, MachineException {
    List<PfDevice> pfs = context.pfDevices();
    List<ClusterObject> here = new ArrayList<>();
    Set<ObjectKey> stay = new HashSet<>(leftAlone);
    for (NodePolicy policy : wanted) {
      if (pfs.stream().anyMatch(pf -> DesiredNode.selects(policy.nicSelector(), pf))) {
        here.add(policy);
        stay.add(policy.key());
      }
    }
    List<ClusterObject> gone = new ArrayList<>();
    for (NodePolicy known : context.store().policies()) {
      if (!stay.contains(known.key())) {
        gone.add(known);
      }
    }
    List<LocatedException> failures = new ArrayList<>();
    attempt(failures, () -> new Delete(context).delete(gone));
    attempt(failures, () -> new Apply(context).apply(here));
    if (!failures.isEmpty()) {
      throw LocatedException.first(failures);
    }
  }

  private static void attempt(List<LocatedException> failures, Step step) {
    try {
      step.run();
    } catch (LocatedException e) {
      failures.add(e);
    }
  }

  private interface Step {
    void run() throws LocatedException;
  }
}
