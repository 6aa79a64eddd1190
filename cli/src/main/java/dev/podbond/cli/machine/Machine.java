package dev.podbond.cli.machine;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.PciAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The machine as applied objects need it: PFs, VFs and the network namespaces of pods.
public interface Machine {
  /// The PFs of the machine, in the order of their PCI addresses.
  List<PfState> pfs() throws MachineException;

  /// The VFs that a PF has now, in the order of their indices.
  List<VfState> vfsOf(PfDevice pf) throws MachineException;

  /// Where the port of a function is, if that is known: that of a VF is its PF's.
  Optional<PfPlace> place(PciAddress function);

  /// Sets a PF up and gives it exactly `count` VFs, each with its network interface. Nobody can
  /// claim one of its present VFs until that is done.
  void makeVfs(PfDevice pf, int count) throws MachineException;

  /// Makes one change on the host.
  void apply(Change change) throws MachineException;

  /// Makes changes to a VF. While they are decided and made, nobody can claim the VF.
  ///
  /// @param wanted the changes, given the VF's state at that time
  /// @return whether there were changes
  boolean setUp(VfDevice vf, Function<VfState, List<Change>> wanted) throws MachineException;

  /// Makes a network namespace with a name and sets its loopback interface up.
  ///
  /// @return its path
  Path makeNetns(String name) throws MachineException;

  /// Whether there is a network namespace at this path.
  boolean hasNetns(Path netns);

  /// Removes a network namespace; does nothing if there is none with that name.
  void removeNetns(String name) throws MachineException;

  /// Makes one default route of a pod, in place of all others of the gateway's family.
  ///
  /// @param link the interface through which it goes
  void replaceDefaultRoute(Path netns, String link, InetAddress gateway) throws MachineException;

  /// The facts of a pod, and those that were requested in addition.
  NodeFacts observePod(Path netns, FactsRequest request) throws MachineException;
}
