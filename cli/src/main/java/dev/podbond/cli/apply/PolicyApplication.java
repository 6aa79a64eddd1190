package dev.podbond.cli.apply;

import dev.podbond.bonding.change.Change;
import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.machine.PfState;
import dev.podbond.cli.machine.VfState;
import dev.podbond.cli.policy.NodeDemand;
import dev.podbond.cli.policy.PfDemand;
import dev.podbond.cli.policy.PfSetup;
import dev.podbond.cli.policy.PolicyCheck;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.source.LocatedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Applies policies: all are checked first, then each PF is set up once for all of them together.
final class PolicyApplication {
  private final Workspace workspace;

  PolicyApplication(Workspace workspace) {
    this.workspace = workspace;
  }

  void apply(List<NodePolicy> policies) throws LocatedException {
    if (policies.isEmpty()) {
      return;
    }
    NodePolicy current = policies.getFirst();
    try {
      Map<ObjectKey, NodePolicy> all = new HashMap<>();
      workspace.store().policies().forEach(policy -> all.put(policy.key(), policy));
      policies.forEach(policy -> all.put(policy.key(), policy));
      for (NodePolicy policy : policies) {
        current = policy;
        PolicyCheck.require(policy, all.values(), workspace.pfDevices());
      }
      Map<ObjectKey, Outcome> outcomes = new HashMap<>();
      for (NodePolicy policy : policies) {
        current = policy;
        outcomes.put(policy.key(), keep(policy));
      }
      Set<String> changedPfs = new HashSet<>();
      List<PfDemand> demands = workspace.demands();
      for (PfDemand demand : demands) {
        Optional<NodePolicy> cause = policyOf(demand, policies);
        if (cause.isPresent()) {
          current = cause.get();
          if (setUp(demand)) {
            changedPfs.add(demand.pf().name());
          }
        }
      }
      for (NodePolicy policy : policies) {
        report(policy, outcomes.getOrDefault(policy.key(), Outcome.CONFIGURED), changedPfs);
      }
    } catch (StoreException | MachineException e) {
      throw Apply.failed(current, e);
    }
  }

  /// Kept before anything is done, as a cluster would: what is kept is what is wanted.
  private Outcome keep(NodePolicy policy) throws StoreException {
    Optional<ClusterObject> before = workspace.store().get(policy.key());
    workspace.store().put(policy);
    if (before.isEmpty()) {
      return Outcome.CREATED;
    }
    return before.get().manifest().equals(policy.manifest())
        ? Outcome.UNCHANGED
        : Outcome.CONFIGURED;
  }

  /// The applied policy to which to put down what happens to a PF; empty if none means this PF.
  private static Optional<NodePolicy> policyOf(PfDemand demand, List<NodePolicy> policies) {
    ObjectKey strongest = demand.groups().getFirst().policy();
    return policies.stream()
        .filter(policy -> policy.key().equals(strongest))
        .findFirst()
        .or(() ->
            policies.stream()
                .filter(policy -> NodeDemand.selects(policy.nicSelector(), demand.pf()))
                .findFirst());
  }

  /// Makes a PF as wanted.
  ///
  /// @return whether anything was changed
  private boolean setUp(PfDemand demand) throws MachineException {
    boolean changed = false;
    if (!demand.externallyManaged() && demand.pf().numVfs() != demand.numVfs()) {
      PodHoldings.requireFree(workspace, demand.pf(), "give it " + demand.numVfs() + " VFs");
      workspace.machine().makeVfs(demand.pf(), demand.numVfs());
      changed = true;
    }
    for (PfState pf : workspace.machine().pfs()) {
      if (pf.device().pci().equals(demand.pf().pci())) {
        for (Change change : PfSetup.ofPf(demand, pf)) {
          workspace.machine().apply(change);
          changed = true;
        }
        for (VfState vf : workspace.machine().vfsOf(pf.device())) {
          // Most are as wanted: only for what is to be done does it keep others from the VF.
          if (!PfSetup.ofVf(demand, vf).isEmpty()) {
            changed |= workspace.machine().setUp(vf.device(), now -> PfSetup.ofVf(demand, now));
          }
        }
      }
    }
    return changed;
  }

  private void report(NodePolicy policy, Outcome kept, Set<String> changedPfs)
      throws StoreException, MachineException {
    List<String> offers = new ArrayList<>();
    boolean changed = false;
    for (PfDemand demand : workspace.demands()) {
      changed |=
          changedPfs.contains(demand.pf().name())
              && NodeDemand.selects(policy.nicSelector(), demand.pf());
      demand.groups().stream()
          .filter(group -> group.policy().equals(policy.key()))
          .map(group -> "VFs " + group.range() + " of " + demand.pf().name())
          .forEach(offers::add);
    }
    String detail =
        offers.isEmpty()
            ? "a stronger policy has all its VFs"
            : offers.stream().collect(Collectors.joining(", "))
                + " as "
                + workspace.resourcePrefix()
                + "/"
                + policy.resourceName();
    Outcome outcome = kept == Outcome.UNCHANGED && changed ? Outcome.CONFIGURED : kept;
    workspace.reports().accept(new Report(policy.key(), outcome, detail));
  }
}
