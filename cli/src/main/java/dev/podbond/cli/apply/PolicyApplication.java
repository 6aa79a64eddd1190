package dev.podbond.cli.apply;

import dev.podbond.bonding.change.Change;
import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.machine.PfState;
import dev.podbond.cli.machine.VfState;
import dev.podbond.cli.policy.DesiredNode;
import dev.podbond.cli.policy.DesiredPf;
import dev.podbond.cli.policy.PfChanges;
import dev.podbond.cli.policy.PolicyCheck;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.source.LocatedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Applies policies: it checks each against those in force, then sets each PF up once for all of
/// them together. A refused policy changes nothing and does not stop the others.
final class PolicyApplication {
  private final ApplyContext context;

  PolicyApplication(ApplyContext context) {
    this.context = context;
  }

  /// Applies the policies.
  ///
  /// @return what could not be applied
  List<LocatedException> apply(List<NodePolicy> policies) {
    List<LocatedException> failures = new ArrayList<>();
    if (policies.isEmpty()) {
      return failures;
    }
    try {
      Map<ObjectKey, Outcome> outcomes = keepThoseThatFit(policies, failures);
      List<NodePolicy> kept =
          policies.stream().filter(policy -> outcomes.containsKey(policy.key())).toList();
      Set<String> changedPfs = new HashSet<>();
      Set<String> failedPfs = new HashSet<>();
      for (DesiredPf desired : context.desiredPfs()) {
        Optional<NodePolicy> cause = policyOf(desired, kept);
        if (cause.isPresent()) {
          try {
            if (setUp(desired)) {
              changedPfs.add(desired.pf().name());
            }
          } catch (MachineException e) {
            failedPfs.add(desired.pf().name());
            failures.add(Apply.failed(cause.get(), e));
          }
        }
      }
      for (NodePolicy policy : kept) {
        report(
            policy, outcomes.getOrDefault(policy.key(), Outcome.CONFIGURED), changedPfs, failedPfs);
      }
    } catch (StoreException | MachineException e) {
      failures.add(Apply.failed(policies.getFirst(), e));
    }
    return failures;
  }

  /// Stores each policy that can be in force beside the others. Policies already in force come
  /// first, then new ones for VFs that somebody else makes: a new policy takes nothing from them.
  private Map<ObjectKey, Outcome> keepThoseThatFit(
      List<NodePolicy> policies, List<LocatedException> failures)
      throws StoreException, MachineException {
    Map<ObjectKey, NodePolicy> known = new HashMap<>();
    context.store().policies().forEach(policy -> known.put(policy.key(), policy));
    Map<ObjectKey, NodePolicy> inForce = new HashMap<>(known);
    policies.forEach(policy -> inForce.remove(policy.key()));
    List<PfState> pfs = context.machine().pfs();
    List<NodePolicy> ordered =
        policies.stream()
            .sorted(
                Comparator.comparing((NodePolicy policy) -> !known.containsKey(policy.key()))
                    .thenComparing(policy -> !policy.externallyManaged())
                    .thenComparingInt(NodePolicy::priority)
                    .thenComparing(NodePolicy::key))
            .toList();
    Map<ObjectKey, Outcome> outcomes = new HashMap<>();
    for (NodePolicy policy : ordered) {
      try {
        PolicyCheck.require(policy, inForce.values(), pfs);
        // Stored before any action, as in a cluster: the stored objects are the intended state.
        outcomes.put(policy.key(), context.keep(policy));
        inForce.put(policy.key(), policy);
      } catch (LocatedException e) {
        // Its former version stays in force.
        Optional.ofNullable(known.get(policy.key()))
            .ifPresent(before -> inForce.put(before.key(), before));
        failures.add(e);
      }
    }
    return outcomes;
  }

  /// The applied policy to blame for the outcome on a PF; empty if no policy selects this PF.
  private static Optional<NodePolicy> policyOf(DesiredPf desired, List<NodePolicy> policies) {
    ObjectKey strongest = desired.groups().getFirst().policy();
    return policies.stream()
        .filter(policy -> policy.key().equals(strongest))
        .findFirst()
        .or(() ->
            policies.stream()
                .filter(policy -> DesiredNode.selects(policy.nicSelector(), desired.pf()))
                .findFirst());
  }

  /// Sets a PF up as required.
  ///
  /// @return whether anything was changed
  private boolean setUp(DesiredPf desired) throws MachineException {
    boolean changed = false;
    if (!desired.externallyManaged() && desired.pf().numVfs() != desired.numVfs()) {
      VfsInUse.requireFree(context, desired.pf(), "give it " + desired.numVfs() + " VFs");
      context.machine().makeVfs(desired.pf(), desired.numVfs());
      changed = true;
    }
    for (PfState pf : context.machine().pfs()) {
      if (pf.device().pci().equals(desired.pf().pci())) {
        for (Change change : PfChanges.ofPf(desired, pf)) {
          context.machine().apply(change);
          changed = true;
        }
        for (VfState vf : context.machine().vfsOf(pf.device())) {
          // Most VFs are right already: lock only those that need a change.
          if (!PfChanges.ofVf(desired, vf).isEmpty()) {
            changed |= context.machine().setUp(vf.device(), now -> PfChanges.ofVf(desired, now));
          }
        }
      }
    }
    return changed;
  }

  /// Reports the result of a policy. If one of its PFs could not be set up, the failure reports it
  /// instead.
  private void report(
      NodePolicy policy, Outcome kept, Set<String> changedPfs, Set<String> failedPfs)
      throws StoreException, MachineException {
    List<String> offers = new ArrayList<>();
    boolean changed = false;
    for (DesiredPf desired : context.desiredPfs()) {
      if (failedPfs.contains(desired.pf().name())
          && DesiredNode.selects(policy.nicSelector(), desired.pf())) {
        return;
      }
      changed |=
          changedPfs.contains(desired.pf().name())
              && DesiredNode.selects(policy.nicSelector(), desired.pf());
      desired.groups().stream()
          .filter(group -> group.policy().equals(policy.key()))
          .map(group -> "VFs " + group.range() + " of " + desired.pf().name())
          .forEach(offers::add);
    }
    String detail =
        offers.isEmpty()
            ? "a stronger policy has all its VFs"
            : offers.stream().collect(Collectors.joining(", "))
                + " as "
                + context.resourcePrefix()
                + "/"
                + policy.resourceName();
    Outcome outcome = kept == Outcome.UNCHANGED && changed ? Outcome.CONFIGURED : kept;
    context.reports().accept(new Report(policy.key(), outcome, detail));
  }
}
