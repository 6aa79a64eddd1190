package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.multus.DefaultRoutes;
import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.multus.Delegates;
import dev.podbond.cli.multus.NetworkStatus;
import dev.podbond.cli.multus.PodIdentity;
import dev.podbond.cli.policy.Allocation;
import dev.podbond.cli.policy.ShortageException;
import dev.podbond.cli.store.PodState;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionAnnotation;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Applies one pod: its network namespace, its VFs, and its networks one after the other.
final class PodApplication {
  private static final Path NETNS_DIRECTORY = Path.of("/run/netns");

  private final ApplyContext context;
  private final PodObject pod;

  PodApplication(ApplyContext context, PodObject pod) {
    this.context = context;
    this.pod = pod;
  }

  void apply() throws LocatedException, StoreException, MachineException {
    Optional<PodState> existing = context.store().pod(pod.key());
    if (existing.isPresent() && isWhole(existing.get())) {
      Optional<PodObject> before = context.store().get(pod.key(), PodObject.class);
      if (before.flatMap(PodObject::networks).equals(pod.networks())) {
        context.reports().accept(new Report(pod.key(), Outcome.UNCHANGED, ""));
        return;
      }
      throw failure(
          "its networks were \""
              + before.flatMap(PodObject::networks).orElse("")
              + "\", and networks of a running pod cannot change; delete the pod first");
    }
    if (existing.isPresent()) {
      // An interrupted run began it, or a reboot removed its network namespace.
      new PodRemoval(context, pod.key(), existing.get()).remove();
    }
    create();
  }

  private boolean isWhole(PodState state) {
    return state.running() && context.machine().hasNetns(state.identity().netns());
  }

  private void create() throws LocatedException, StoreException, MachineException {
    UUID uid = context.uids().get();
    String netnsName = netnsName(pod.key());
    PodIdentity identity =
        new PodIdentity(
            pod.key().namespace(),
            pod.key().name(),
            uid.toString(),
            containerId(uid),
            NETNS_DIRECTORY.resolve(netnsName));
    Wanted wanted = wanted(identity);
    if (context.machine().hasNetns(identity.netns())) {
      throw failure(
          "there is a network namespace "
              + netnsName
              + " that is not its own; remove it with: ip netns delete "
              + netnsName);
    }
    PodState state = PodState.begun(identity);
    context.store().put(pod, state);
    try {
      context.machine().makeNetns(netnsName);
      List<CniResult> results = new ArrayList<>();
      for (Delegate delegate : wanted.delegates()) {
        // Stored before the plugin runs, so that we know after an interruption that a DEL is
        // needed.
        context.store().put(pod, state.with(delegate));
        results.add(attach(identity, delegate));
        state = state.with(delegate);
      }
      List<JsonObject> status = route(identity, wanted, results);
      context.store().put(pod, state.finished(NetworkStatus.text(status)));
      context
          .reports()
          .accept(
              new Report(pod.key(), Outcome.CREATED, PodSummary.of(wanted.delegates(), status)));
    } catch (LocatedException | MachineException e) {
      throw withRemoval(e, state);
    }
  }

  /// The networks of a pod, and the default routes that its annotation requests.
  private record Wanted(List<Delegate> delegates, DefaultRoutes defaultRoutes) {}

  /// Makes the requested default routes, once all networks are there.
  ///
  /// @return the pod's network status
  private List<JsonObject> route(PodIdentity identity, Wanted wanted, List<CniResult> results)
      throws LocatedException, MachineException {
    for (DefaultRoutes.Wanted route : wanted.defaultRoutes().wanted(wanted.delegates(), results)) {
      context.machine().replaceDefaultRoute(identity.netns(), route.link(), route.gateway());
    }
    List<JsonObject> status = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Delegate delegate = wanted.delegates().get(i);
      CniResult result = wanted.defaultRoutes().applied(i, results.get(i));
      if (!result.equals(results.get(i))) {
        try {
          context.networks().amend(identity, delegate, result);
        } catch (CniException e) {
          throw failure("network " + delegate.network() + ": " + e.getMessage());
        }
      }
      status.addAll(NetworkStatus.entries(delegate, result));
    }
    return status;
  }

  private CniResult attach(PodIdentity identity, Delegate delegate) throws LocatedException {
    try {
      return context.networks().add(identity, delegate);
    } catch (CniException e) {
      LocatedException failure =
          new LocatedException(
              pod.source(),
              pod.key().toString(),
              "network " + delegate.network() + " as " + delegate.ifname() + ": " + e.getMessage(),
              e);
      for (Throwable alsoFailed : e.getSuppressed()) {
        failure.addSuppressed(alsoFailed);
      }
      throw failure;
    }
  }

  /// The failure, after everything of the pod was removed; failures of the removal are added. The
  /// network that failed has been detached before.
  private LocatedException withRemoval(Exception failure, PodState attached) throws StoreException {
    LocatedException reported =
        failure instanceof LocatedException located ? located : Apply.failed(pod, failure);
    try {
      new PodRemoval(context, pod.key(), attached).remove();
    } catch (MachineException e) {
      reported.addSuppressed(e);
    }
    return reported;
  }

  private Wanted wanted(PodIdentity identity)
      throws LocatedException, StoreException, MachineException {
    if (pod.networks().isEmpty()) {
      return new Wanted(List.of(), new DefaultRoutes(List.of()));
    }
    try {
      List<NetworkSelection> selections =
          SelectionAnnotation.parse(pod.networks().get(), pod.key().namespace());
      List<NetworkAttachment> attachments = new ArrayList<>();
      for (NetworkSelection selection : selections) {
        attachments.add(attachment(selection));
      }
      Allocation allocation =
          Allocation.of(
              attachments.stream().map(NetworkAttachment::resourceName).toList(),
              context.pools(),
              VfsInUse.taken(context));
      List<Delegates.Resolved> resolved = new ArrayList<>();
      for (int i = 0; i < selections.size(); i++) {
        resolved.add(
            new Delegates.Resolved(
                selections.get(i), attachments.get(i), allocation.devices().get(i)));
      }
      return new Wanted(Delegates.of(identity, resolved), DefaultRoutes.of(selections));
    } catch (SelectionException e) {
      throw failure("annotation " + PodObject.NETWORKS + ": " + e.getMessage());
    } catch (ShortageException e) {
      throw failure(String.valueOf(e.getMessage()));
    }
  }

  private NetworkAttachment attachment(NetworkSelection selection)
      throws LocatedException, StoreException {
    ObjectKey key = new ObjectKey(Kind.NETWORK_ATTACHMENT, selection.namespace(), selection.name());
    return context
        .store()
        .get(key, NetworkAttachment.class)
        .orElseThrow(() ->
            failure(
                "there is no "
                    + key
                    + "; apply it, or a SriovNetwork that is rendered into it, first"));
  }

  private LocatedException failure(String problem) {
    return new LocatedException(pod.source(), pod.key().toString(), problem);
  }

  /// The name of the pod's namespace in `ip netns`.
  static String netnsName(ObjectKey pod) {
    return pod.namespace() + "_" + pod.name();
  }

  /// The sandbox ids of container runtimes have 64 hexadecimal digits.
  private static String containerId(UUID uid) {
    String digits = uid.toString().replace("-", "");
    return digits + digits;
  }
}
