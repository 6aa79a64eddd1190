package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.policy.DesiredNode;
import dev.podbond.cli.policy.DesiredPf;
import dev.podbond.cli.store.PodState;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NamespaceObject;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.NodeObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.object.Workload;
import dev.podbond.cluster.render.NetworkRendering;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.node.sysfs.PfDevice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Deletes objects in the reverse order of applying: pods before networks before policies. It
/// attempts every object; a missing object is not a failure.
public final class Delete {
  private final ApplyContext context;

  public Delete(ApplyContext context) {
    this.context = context;
  }

  /// Deletes the objects.
  ///
  /// @throws LocatedException for the first object that could not be deleted, with the others as
  ///   suppressed
  public void delete(List<ClusterObject> objects) throws LocatedException {
    List<ClusterObject> ordered =
        objects.stream()
            .sorted(Comparator.comparing(object -> object.key().kind()))
            .toList()
            .reversed();
    List<LocatedException> failures = new ArrayList<>();
    for (ClusterObject object : ordered) {
      try {
        Outcome outcome = delete(object);
        context.reports().accept(new Report(object.key(), outcome, ""));
      } catch (StoreException | MachineException e) {
        failures.add(Apply.failed(object, e));
      }
    }
    if (!failures.isEmpty()) {
      throw LocatedException.first(failures);
    }
  }

  private Outcome delete(ClusterObject object) throws StoreException, MachineException {
    return switch (object) {
      case PodObject pod -> deletePod(pod.key());
      case NetworkAttachment attachment -> remove(attachment.key());
      case SriovNetwork network -> deleteNetwork(network);
      case NodePolicy policy -> deletePolicy(policy.key());
      case Workload workload -> new WorkloadApplication(context, workload).delete();
      case NodeObject _ -> Outcome.ABSENT;
      case NamespaceObject namespace -> deleteNamespace(namespace.key());
    };
  }

  private Outcome deletePod(ObjectKey key) throws StoreException, MachineException {
    Optional<PodState> state = context.store().pod(key);
    if (state.isEmpty()) {
      return Outcome.ABSENT;
    }
    new PodRemoval(context, key, state.get()).remove();
    return Outcome.DELETED;
  }

  /// The network attachment is deleted with the network from which it was rendered.
  private Outcome deleteNetwork(SriovNetwork network) throws StoreException {
    Optional<String> owner = Optional.of(NetworkRendering.ownerReference(network.key()));
    for (NetworkAttachment attachment : context.store().attachments()) {
      if (attachment.owner().equals(owner)) {
        context.store().remove(attachment.key());
      }
    }
    return remove(network.key());
  }

  /// Its PFs get the number of VFs that the remaining policies require, usually zero.
  private Outcome deletePolicy(ObjectKey key) throws StoreException, MachineException {
    Optional<NodePolicy> policy =
        context.store().policies().stream().filter(p -> p.key().equals(key)).findFirst();
    if (policy.isEmpty()) {
      return Outcome.ABSENT;
    }
    List<NodePolicy> remaining =
        context.store().policies().stream().filter(p -> !p.key().equals(key)).toList();
    List<PfDevice> selected =
        context.pfDevices().stream()
            .filter(pf -> DesiredNode.selects(policy.get().nicSelector(), pf))
            .toList();
    List<DesiredPf> desiredPfs = DesiredNode.of(remaining, selected);
    if (!policy.get().externallyManaged()) {
      for (PfDevice pf : selected) {
        List<DesiredPf> left =
            desiredPfs.stream().filter(desired -> desired.pf().pci().equals(pf.pci())).toList();
        int wanted = left.stream().mapToInt(DesiredPf::numVfs).sum();
        if (left.stream().noneMatch(DesiredPf::externallyManaged) && pf.numVfs() != wanted) {
          VfsInUse.requireFree(context, pf, "leave it " + wanted + " VFs");
          context.machine().makeVfs(pf, wanted);
        }
      }
    }
    return remove(key);
  }

  private Outcome deleteNamespace(ObjectKey key) throws StoreException, MachineException {
    List<String> inside = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      context.store().all(kind).stream()
          .map(ClusterObject::key)
          .filter(other -> other.namespace().equals(key.name()))
          .map(ObjectKey::toString)
          .forEach(inside::add);
    }
    if (!inside.isEmpty()) {
      throw new MachineException(
          "it still holds " + String.join(", ", inside) + "; delete these first");
    }
    return remove(key);
  }

  private Outcome remove(ObjectKey key) throws StoreException {
    return context.store().remove(key) ? Outcome.DELETED : Outcome.ABSENT;
  }
}
