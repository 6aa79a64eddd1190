package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
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
import dev.podbond.cluster.object.ClusterObject;
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

  private final Workspace workspace;
  private final PodObject pod;

  PodApplication(Workspace workspace, PodObject pod) {
    this.workspace = workspace;
    this.pod = pod;
  }

  void apply() throws LocatedException, StoreException, MachineException {
    Optional<PodState> existing = workspace.store().pod(pod.key());
    if (existing.isPresent() && isWhole(existing.get())) {
      Optional<PodObject> before =
          workspace
              .store()
              .get(pod.key())
              .flatMap(object -> object instanceof PodObject p ? Optional.of(p) : Optional.empty());
      if (before.flatMap(PodObject::networks).equals(pod.networks())) {
        workspace.reports().accept(new Report(pod.key(), Outcome.UNCHANGED, ""));
        return;
      }
      throw failure(
          "its networks were \""
              + before.flatMap(PodObject::networks).orElse("")
              + "\", and networks of a running pod cannot change; delete the pod first");
    }
    if (existing.isPresent()) {
      // An interrupted run began it, or its network namespace went with a reboot.
      new PodRemoval(workspace, pod.key(), existing.get()).remove();
    }
    create();
  }

  private boolean isWhole(PodState state) {
    return state.running() && workspace.machine().hasNetns(state.identity().netns());
  }

  private void create() throws LocatedException, StoreException, MachineException {
    UUID uid = workspace.uids().get();
    String netnsName = netnsName(pod.key());
    PodIdentity identity =
        new PodIdentity(
            pod.key().namespace(),
            pod.key().name(),
            uid.toString(),
            containerId(uid),
            NETNS_DIRECTORY.resolve(netnsName));
    List<Delegate> delegates = delegates(identity);
    if (workspace.machine().hasNetns(identity.netns())) {
      throw failure(
          "there is a network namespace "
              + netnsName
              + " that is not its own; remove it with: ip netns delete "
              + netnsName);
    }
    PodState state = PodState.begun(identity);
    workspace.store().put(pod, state);
    try {
      workspace.machine().makeNetns(netnsName);
      List<JsonObject> status = new ArrayList<>();
      for (Delegate delegate : delegates) {
        // Kept before the plugin runs, so that an interrupted run is known to need a DEL.
        workspace.store().put(pod, state.with(delegate));
        status.addAll(attach(identity, delegate));
        state = state.with(delegate);
      }
      workspace.store().put(pod, state.finished(NetworkStatus.text(status)));
      workspace
          .reports()
          .accept(new Report(pod.key(), Outcome.CREATED, PodSummary.of(delegates, status)));
    } catch (LocatedException | MachineException e) {
      throw withRemoval(e, state);
    }
  }

  private List<JsonObject> attach(PodIdentity identity, Delegate delegate) throws LocatedException {
    try {
      CniResult result = workspace.networks().add(identity, delegate);
      return NetworkStatus.entries(delegate, result);
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

  /// The failure, after all that there is of the pod was removed; with what could not be. The
  /// network that failed has been detached by then.
  private LocatedException withRemoval(Exception failure, PodState attached) throws StoreException {
    LocatedException reported =
        failure instanceof LocatedException located ? located : Apply.failed(pod, failure);
    try {
      new PodRemoval(workspace, pod.key(), attached).remove();
    } catch (MachineException e) {
      reported.addSuppressed(e);
    }
    return reported;
  }

  private List<Delegate> delegates(PodIdentity identity)
      throws LocatedException, StoreException, MachineException {
    if (pod.networks().isEmpty()) {
      return List.of();
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
              workspace.pools(),
              PodHoldings.taken(workspace));
      List<Delegates.Resolved> resolved = new ArrayList<>();
      for (int i = 0; i < selections.size(); i++) {
        resolved.add(
            new Delegates.Resolved(
                selections.get(i), attachments.get(i), allocation.devices().get(i)));
      }
      return Delegates.of(identity, resolved);
    } catch (SelectionException e) {
      throw failure("annotation " + PodObject.NETWORKS + ": " + e.getMessage());
    } catch (ShortageException e) {
      throw failure(String.valueOf(e.getMessage()));
    }
  }

  private NetworkAttachment attachment(NetworkSelection selection)
      throws LocatedException, StoreException {
    ObjectKey key = new ObjectKey(Kind.NETWORK_ATTACHMENT, selection.namespace(), selection.name());
    Optional<ClusterObject> found = workspace.store().get(key);
    if (found.isPresent() && found.get() instanceof NetworkAttachment attachment) {
      return attachment;
    }
    throw failure(
        "there is no " + key + "; apply it, or a SriovNetwork that is rendered into it, first");
  }

  private LocatedException failure(String problem) {
    return new LocatedException(pod.source(), pod.key().toString(), problem);
  }

  /// The name under which `ip netns` knows the pod.
  static String netnsName(ObjectKey pod) {
    return pod.namespace() + "_" + pod.name();
  }

  /// Sandbox ids of container runtimes have 64 hexadecimal digits.
  private static String containerId(UUID uid) {
    String digits = uid.toString().replace("-", "");
    return digits + digits;
  }
}
