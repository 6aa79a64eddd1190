package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.store.PodState;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.object.Workload;
import dev.podbond.cluster.source.LocatedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Makes the pods of a template, and removes those that it made but no longer wants.
final class WorkloadApplication {
  private final ApplyContext context;
  private final Workload workload;

  WorkloadApplication(ApplyContext context, Workload workload) {
    this.context = context;
    this.workload = workload;
  }

  /// Makes its pods as required, each by itself.
  ///
  /// @return what could not be done
  List<LocatedException> apply() {
    List<LocatedException> failures = new ArrayList<>();
    try {
      Map<ObjectKey, PodObject> wanted =
          workload.pods().stream().collect(Collectors.toMap(PodObject::key, Function.identity()));
      for (PodObject pod : owned()) {
        boolean asItWas =
            Optional.ofNullable(wanted.get(pod.key()))
                .filter(now -> now.networks().equals(pod.networks()))
                .isPresent();
        if (!asItWas) {
          attempt(failures, () -> remove(pod.key()));
        }
      }
    } catch (StoreException e) {
      failures.add(Apply.failed(workload, e));
    }
    for (PodObject pod : workload.pods()) {
      attempt(failures, () -> new PodApplication(context, pod).apply());
    }
    return failures;
  }

  /// Removes all its pods.
  ///
  /// @throws MachineException that names every pod that could not be removed
  Outcome delete() throws StoreException, MachineException {
    List<PodObject> pods = owned();
    List<LocatedException> failures = new ArrayList<>();
    for (PodObject pod : pods) {
      attempt(failures, () -> remove(pod.key()));
    }
    if (!failures.isEmpty()) {
      throw new MachineException(
          failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")));
    }
    return pods.isEmpty() ? Outcome.ABSENT : Outcome.DELETED;
  }

  private List<PodObject> owned() throws StoreException {
    return ClusterObject.only(PodObject.class, context.store().all(Kind.POD)).stream()
        .filter(workload::owns)
        .toList();
  }

  private void remove(ObjectKey pod) throws StoreException, MachineException {
    Optional<PodState> state = context.store().pod(pod);
    if (state.isPresent()) {
      new PodRemoval(context, pod, state.get()).remove();
      context.reports().accept(new Report(pod, Outcome.DELETED, ""));
    }
  }

  private void attempt(List<LocatedException> failures, Step step) {
    try {
      step.run();
    } catch (LocatedException e) {
      failures.add(e);
    } catch (StoreException | MachineException e) {
      failures.add(Apply.failed(workload, e));
    }
  }

  private interface Step {
    void run() throws LocatedException, StoreException, MachineException;
  }
}
