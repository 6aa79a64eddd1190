package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NamespaceObject;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.source.LocatedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Applies objects: policies before networks before pods, whatever their order in the files, for on
/// a cluster the order makes no difference either. Applying again what is there changes nothing.
public final class Apply {
  private final Workspace workspace;

  public Apply(Workspace workspace) {
    this.workspace = workspace;
  }

  /// Applies the objects and stops at the first that fails.
  ///
  /// @throws LocatedException naming that object's file and line, what was found and what to do
  public void apply(List<ClusterObject> objects) throws LocatedException {
    refuseTwice(objects);
    List<ClusterObject> ordered =
        objects.stream().sorted(Comparator.comparing(object -> object.key().kind())).toList();
    new PolicyApplication(workspace)
        .apply(
            ordered.stream()
                .flatMap(
                    object -> object instanceof NodePolicy policy ? Stream.of(policy) : Stream.of())
                .toList());
    for (ClusterObject object : ordered) {
      try {
        switch (object) {
          case NodePolicy _ -> {}
          case NamespaceObject namespace -> NetworkApplication.keep(workspace, namespace);
          case SriovNetwork network -> NetworkApplication.apply(workspace, network);
          case NetworkAttachment attachment -> NetworkApplication.apply(workspace, attachment);
          case PodObject pod -> new PodApplication(workspace, pod).apply();
        }
      } catch (StoreException | MachineException e) {
        throw failed(object, e);
      }
    }
  }

  static LocatedException failed(ClusterObject object, Exception cause) {
    return new LocatedException(
        object.source(), object.key().toString(), String.valueOf(cause.getMessage()), cause);
  }

  private static void refuseTwice(List<ClusterObject> objects) throws LocatedException {
    Map<Object, ClusterObject> seen = new HashMap<>();
    List<ClusterObject> again = new ArrayList<>();
    for (ClusterObject object : objects) {
      if (seen.putIfAbsent(object.key(), object) != null) {
        again.add(object);
      }
    }
    for (ClusterObject object : again) {
      ClusterObject first = seen.getOrDefault(object.key(), object);
      throw new LocatedException(
          object.source(),
          object.key().toString(),
          "it is there already, at " + first.source() + "; remove one of the two");
    }
  }
}
