package dev.podbond.cli.apply;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.cli.machine.Machine;
import dev.podbond.cli.machine.PfState;
import dev.podbond.cli.machine.VfState;
import dev.podbond.cli.policy.Machines;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Two PFs of an imaginary machine that records everything done to it.
final class FakeMachine implements Machine {
  final List<String> log = new ArrayList<>();
  final Set<String> netns = new TreeSet<>();
  final Set<PciAddress> claimed = new HashSet<>();
  final Map<PciAddress, String> hostUses = new HashMap<>();
  final int[] numVfs = {0, 0};
  private final boolean[] up = {false, false};
  private final Map<String, Integer> mtus = new HashMap<>();
  final Map<PciAddress, MacAddress> adminMacs = new HashMap<>();

  @Override
  public List<PfState> pfs() {
    List<PfState> pfs = new ArrayList<>();
    for (int i = 0; i < numVfs.length; i++) {
      PfDevice device = Machines.pf(i, numVfs[i]);
      pfs.add(new PfState(device, up[i], mtus.getOrDefault(device.name(), 1500)));
    }
    return pfs;
  }

  @Override
  public List<VfState> vfsOf(PfDevice pf) {
    List<VfState> vfs = new ArrayList<>();
    for (VfDevice vf : Machines.vfs(Machines.pf(ordinal(pf.name()), numVfs[ordinal(pf.name())]))) {
      vfs.add(
          new VfState(
              vf,
              Optional.of(mac(vf.pci())),
              OptionalInt.of(mtus.getOrDefault(vf.hostName().orElseThrow(), 1500)),
              Optional.of(adminMacs.getOrDefault(vf.pci(), MacAddress.ZERO)),
              claimed.contains(vf.pci()),
              Optional.ofNullable(hostUses.get(vf.pci()))));
    }
    return vfs;
  }

  @Override
  public Optional<PfPlace> place(PciAddress function) {
    return Optional.empty();
  }

  @Override
  public void makeVfs(PfDevice pf, int count) {
    log.add("make " + count + " VFs on " + pf.name());
    numVfs[ordinal(pf.name())] = count;
    up[ordinal(pf.name())] = true;
    adminMacs.keySet().removeIf(pci -> pci.bus() == pf.pci().bus());
  }

  @Override
  public void apply(Change change) {
    log.add(change.toString());
    switch (change) {
      case Change.SetAdminState state -> up[ordinal(state.link().name())] = state.up();
      case Change.SetMtu mtu -> mtus.put(mtu.link().name(), mtu.mtuBytes());
      case Change.SetVf vf -> adminMacs.put(vf.vf().pci(), vf.settings().adminMac().orElseThrow());
      default -> throw new AssertionError("unexpected: " + change);
    }
  }

  /// VFs that a pod seems to claim right before the change.
  final Set<PciAddress> claimedMeanwhile = new HashSet<>();

  @Override
  public boolean setUp(VfDevice vf, Function<VfState, List<Change>> wanted) {
    claimed.addAll(claimedMeanwhile);
    List<Change> changes =
        vfsOf(Machines.pf(ordinal(vf.ref().pf()), numVfs[ordinal(vf.ref().pf())])).stream()
            .filter(state -> state.pci().equals(vf.pci()))
            .flatMap(state -> wanted.apply(state).stream())
            .toList();
    changes.forEach(this::apply);
    return !changes.isEmpty();
  }

  @Override
  public Path makeNetns(String name) {
    log.add("make netns " + name);
    netns.add(name);
    return Path.of("/run/netns", name);
  }

  @Override
  public boolean hasNetns(Path path) {
    return netns.contains(path.getFileName().toString());
  }

  @Override
  public void removeNetns(String name) {
    log.add("remove netns " + name);
    netns.remove(name);
  }

  @Override
  public void replaceDefaultRoute(Path path, String link, InetAddress gateway) {
    log.add("default route of " + path + " via " + gateway.getHostAddress() + " dev " + link);
  }

  @Override
  public NodeFacts observePod(Path path, FactsRequest request) {
    return new NodeFacts(List.of(), Map.of(), Map.of());
  }

  static MacAddress mac(PciAddress pci) {
    return new MacAddress(
        0x0200_0000_0000L + (pci.bus() << 16) + (pci.device() << 8) + pci.function());
  }

  private static int ordinal(String pf) {
    return pf.charAt(2) - '0';
  }
}
