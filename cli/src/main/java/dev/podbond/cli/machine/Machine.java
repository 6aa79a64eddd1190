package dev.podbond.cli.machine;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.node.sysfs.VfDevice;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// The machine as objects see it: PFs, VFs and the network namespaces of pods.
public interface Machine {
  /// The PFs of the machine, in the order of their PCI addresses.
  List<PfState> pfs() throws MachineException;

  /// The VFs that a PF has now, in the order of their indices.
  List<VfState> vfsOf(PfDevice pf) throws MachineException;

  /// Gives a PF exactly `count` VFs, each with its network interface, and sets the PF up before.
  /// Nobody can claim one of those that it has until that is done.
  void makeVfs(PfDevice pf, int count) throws MachineException;

  /// Makes one change on the host.
  void apply(Change change) throws MachineException;

  /// Makes changes to a VF, which are decided while nobody can claim it and before anybody can.
  ///
  /// @param wanted the changes, from how the VF is by then
  /// @return whether there were any
  boolean setUp(VfDevice vf, Function<VfState, List<Change>> wanted) throws MachineException;

  /// Makes a network namespace under a name and sets its loopback interface up.
  ///
  /// @return its path
  Path makeNetns(String name) throws MachineException;

  /// Whether there is a network namespace at this path.
  boolean hasNetns(Path netns);

  /// Removes a network namespace; does nothing if there is none of that name.
  void removeNetns(String name) throws MachineException;

  /// Makes one default route of a pod, in place of all others of the gateway's family.
  ///
  /// @param link the interface through which it goes
  void replaceDefaultRoute(Path netns, String link, InetAddress gateway) throws MachineException;

  /// What there is in a pod, and what else was asked for.
  NodeFacts observePod(Path netns, FactsRequest request) throws MachineException;
}
