package dev.podbond.cli.apply;

import dev.podbond.cli.machine.Machine;
import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.machine.PfState;
import dev.podbond.cli.machine.PodNetworks;
import dev.podbond.cli.machine.VfState;
import dev.podbond.cli.policy.DesiredNode;
import dev.podbond.cli.policy.DesiredPf;
import dev.podbond.cli.policy.ResourcePools;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.PciAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What applying and deleting work with.
///
/// @param resourcePrefix the prefix of resource names, as "openshift.io"
/// @param operatorNamespaces the namespaces whose SriovNetworks may be rendered into other
///   namespaces
/// @param uids supplies the UIDs of new pods
/// @param reports gets a report on each finished object
public record ApplyContext(
    ObjectStore store,
    Machine machine,
    PodNetworks networks,
    String resourcePrefix,
    OperatorNamespaces operatorNamespaces,
    Supplier<UUID> uids,
    Consumer<Report> reports) {

  /// The combined result of all policies for the PFs of this machine.
  public List<DesiredPf> desiredPfs() throws StoreException, MachineException {
    return DesiredNode.of(store.policies(), pfDevices());
  }

  /// The VFs that form each resource now.
  public ResourcePools pools() throws StoreException, MachineException {
    List<DesiredPf> desiredPfs = desiredPfs();
    Map<String, List<VfDevice>> vfs = new HashMap<>();
    for (DesiredPf desired : desiredPfs) {
      vfs.put(
          desired.pf().name(), machine.vfsOf(desired.pf()).stream().map(VfState::device).toList());
    }
    return ResourcePools.of(desiredPfs, vfs, resourcePrefix);
  }

  /// The VFs that pods have, by address.
  public Map<PciAddress, ObjectKey> holders() throws StoreException {
    Map<PciAddress, ObjectKey> holders = new TreeMap<>();
    store.pods().forEach((key, pod) -> pod.devices().forEach(pci -> holders.put(pci, key)));
    return holders;
  }

  /// Stores an object, unless it is stored as it is already.
  Outcome keep(ClusterObject object) throws StoreException {
    Optional<ClusterObject> before = store.readable(object.key());
    if (before.isPresent() && before.get().manifest().equals(object.manifest())) {
      return Outcome.UNCHANGED;
    }
    store.put(object);
    return before.isPresent() ? Outcome.CONFIGURED : Outcome.CREATED;
  }

  List<PfDevice> pfDevices() throws MachineException {
    return machine.pfs().stream().map(PfState::device).toList();
  }
}
