package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NamespaceObject;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.NodeObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.object.Workload;
import dev.podbond.cluster.source.LocatedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Applies objects: policies before networks before pods. Their order in the files does not matter,
/// as on a cluster. Applying an unchanged object again changes nothing.
public final class Apply {
  private final ApplyContext context;

  public Apply(ApplyContext context) {
    this.context = context;
  }

  /// Applies the objects, each independently of the others.
  ///
  /// @throws LocatedException for the first that failed, with the others as suppressed; each gives
  ///   file and line, what was found and what to do
  public void apply(List<ClusterObject> objects) throws LocatedException {
    List<LocatedException> failures = new ArrayList<>();
    List<ClusterObject> ordered =
        onceEach(objects, failures).stream()
            .sorted(Comparator.comparing(object -> object.key().kind()))
            .toList();
    List<NodePolicy> policies = ClusterObject.only(NodePolicy.class, ordered);
    failures.addAll(new PolicyApplication(context).apply(policies));
    for (ClusterObject object : ordered) {
      try {
        switch (object) {
          case NodePolicy _, NodeObject _ -> {}
          case NamespaceObject namespace -> NetworkApplication.keep(context, namespace);
          case SriovNetwork network -> {
            operatorNamespaces(policies).requireTarget(network);
            NetworkApplication.apply(context, network);
          }
          case NetworkAttachment attachment -> NetworkApplication.apply(context, attachment);
          case PodObject pod -> new PodApplication(context, pod).apply();
          case Workload workload ->
              failures.addAll(new WorkloadApplication(context, workload).apply());
        }
      } catch (LocatedException e) {
        failures.add(e);
      } catch (StoreException | MachineException e) {
        failures.add(failed(object, e));
      }
    }
    if (!failures.isEmpty()) {
      throw LocatedException.first(failures);
    }
  }

  private OperatorNamespaces operatorNamespaces(List<NodePolicy> applied) throws StoreException {
    return context.operatorNamespaces().andThoseOf(applied).andThoseOf(context.store().policies());
  }

  static LocatedException failed(ClusterObject object, Exception cause) {
    return new LocatedException(
        object.source(), object.key().toString(), String.valueOf(cause.getMessage()), cause);
  }

  /// The objects without duplicates: we cannot know which of two is meant.
  private static List<ClusterObject> onceEach(
      List<ClusterObject> objects, List<LocatedException> failures) {
    Map<Object, ClusterObject> first = new HashMap<>();
    Set<Object> twice = new HashSet<>();
    for (ClusterObject object : objects) {
      ClusterObject other = first.putIfAbsent(object.key(), object);
      if (other != null) {
        twice.add(object.key());
        failures.add(
            new LocatedException(
                object.source(),
                object.key().toString(),
                "it is there already, at " + other.source() + "; remove one of the two"));
      }
    }
    return objects.stream().filter(object -> !twice.contains(object.key())).toList();
  }
}
