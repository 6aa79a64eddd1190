package dev.podbond.cli.apply;

import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.store.PodState;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cni.spec.CniException;
import java.util.ArrayList;
import java.util.List;

/// Removes a pod: first its networks in reverse order, attempting every one, then its network
/// namespace.
///
/// As long as a network cannot be detached, the namespace and the record stay, so that the next
/// attempt finds what it needs.
final class PodRemoval {
  private final ApplyContext context;
  private final ObjectKey key;
  private final PodState state;

  PodRemoval(ApplyContext context, ObjectKey key, PodState state) {
    this.context = context;
    this.key = key;
    this.state = state;
  }

  /// @throws MachineException that names every network that could not be detached
  void remove() throws MachineException, StoreException {
    List<String> failures = new ArrayList<>();
    for (Delegate delegate : state.delegates().reversed()) {
      try {
        context.networks().del(state.identity(), delegate);
      } catch (CniException e) {
        failures.add(delegate.network() + " as " + delegate.ifname() + ": " + e.getMessage());
      }
    }
    if (!failures.isEmpty()) {
      throw new MachineException(
          "cannot detach "
              + String.join("; ", failures)
              + "; when that is mended, run podbond delete for it again");
    }
    context.machine().removeNetns(PodApplication.netnsName(key));
    context.store().remove(key);
  }
}
