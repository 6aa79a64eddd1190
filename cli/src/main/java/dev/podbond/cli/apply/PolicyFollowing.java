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

/// Makes a set of policies the only ones on this machine: it deletes those that are no longer in it
/// and applies all others, by means of [Apply] and [Delete].
public final class PolicyFollowing {
  private final ApplyContext context;

  public PolicyFollowing(ApplyContext context) {
    this.context = context;
  }

  /// Follows a new set. In a cluster a policy often selects no PF of this machine.
  ///
  /// @param leftAlone policies in the set that are not supported here: their former version stays
  ///   as it is
  /// @throws LocatedException for the first policy that cannot be followed, with the others as
  ///   suppressed; everything else has been done, and the next call retries these
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
