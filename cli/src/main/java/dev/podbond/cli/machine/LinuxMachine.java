package dev.podbond.cli.machine;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.cli.multus.DefaultRoutes;
import dev.podbond.netlink.netns.NamedNetns;
import dev.podbond.node.kernel.NodeKernel;
import dev.podbond.node.kernel.PatientKernel;
import dev.podbond.node.netns.NodeNetns;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.node.observe.NodeObserver;
import dev.podbond.node.observe.PfPortReader;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockName;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.VfClaims;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.node.sysfs.VfCreation;
import dev.podbond.node.sysfs.VfCreationException;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// This machine: sysfs, rtnetlink, and the claims of the `bond` and `sriov` plugins.
public final class LinuxMachine implements Machine {
  private final PciDevices devices;
  private final VfClaims claims;

  /// The plugins hold a VF during one ADD or DEL, IPAM included.
  private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);

  private final Path attachments;
  private final WaitClock pace;
  private final Polling polling;
  private final Consumer<String> warnings;

  /// @param sysfs where sysfs is mounted: `/sys`
  /// @param attachments where the plugins keep their records, claims and locks
  /// @param warnings gets a message about each wait
  public LinuxMachine(Path sysfs, Path attachments, Consumer<String> warnings) {
    this(sysfs, attachments, warnings, WaitClock.SYSTEM);
  }

  LinuxMachine(Path sysfs, Path attachments, Consumer<String> warnings, WaitClock pace) {
    this.pace = pace;
    this.attachments = attachments;
    this.warnings = warnings;
    this.devices = new PciDevices(sysfs);
    AttachmentStore records = new AttachmentStore(attachments);
    this.claims =
        new VfClaims(
            attachments,
            VfClaims.SRIOV_CNI_ALLOCATIONS,
            owner -> records.contains(new AttachmentKey(owner.containerId(), owner.ifname())));
    this.polling = new Polling(pace);
  }

  @Override
  public List<PfState> pfs() throws MachineException {
    try (NodeNetns netns = NodeNetns.hostOnly()) {
      List<PfState> states = new ArrayList<>();
      NodeObserver observer = new NodeObserver(netns, devices);
      for (PfDevice pf : devices.pfs()) {
        observer
            .observe(FactsRequest.POD.withHostLink(pf.name()))
            .link(Place.HOST, pf.name())
            .ifPresent(link -> states.add(new PfState(pf, link.up(), link.mtuBytes())));
      }
      return List.copyOf(states);
    } catch (IOException e) {
      throw new MachineException("cannot read the PFs of this machine: " + IoReason.withFile(e), e);
    }
  }

  @Override
  public List<VfState> vfsOf(PfDevice pf) throws MachineException {
    try (NodeNetns netns = NodeNetns.hostOnly()) {
      return states(devices.vfsOf(pf), netns);
    } catch (IOException | StateException e) {
      throw new MachineException("cannot read the VFs of " + pf + ": " + IoReason.withFile(e), e);
    }
  }

  @Override
  public Optional<PfPlace> place(PciAddress function) {
    try {
      Optional<PciAddress> pf = devices.pfOf(function);
      if (pf.isEmpty()) {
        return Optional.empty();
      }
      PfPlace place = devices.place(pf.get());
      return Optional.ofNullable(new PfPortReader(devices).read(List.of(pf.get())).get(pf.get()))
          .flatMap(PfPort::cabling)
          .map(place::plugged)
          .or(() -> Optional.of(place));
    } catch (IOException _) {
      // It is for people to read, and no reason to fail.
      return Optional.empty();
    }
  }

  private List<VfState> states(List<VfDevice> vfs, NodeNetns netns)
      throws IOException, StateException {
    Set<PciAddress> addresses = vfs.stream().map(VfDevice::pci).collect(Collectors.toSet());
    NodeObserver observer = new NodeObserver(netns, devices);
    NodeFacts facts =
        observer.withHostUses(observer.observe(new FactsRequest(new HashSet<>(), addresses)));
    List<VfState> states = new ArrayList<>();
    for (VfDevice vf : vfs) {
      Optional<LinkFacts> link =
          facts.links().stream()
              .filter(found -> found.ref().place() == Place.HOST)
              .filter(found -> found.pci().equals(Optional.of(vf.pci())))
              .findFirst();
      Optional<VfFacts> pfSide = facts.vf(vf.pci());
      states.add(
          new VfState(
              vf,
              link.flatMap(LinkFacts::mac),
              link.isPresent() ? OptionalInt.of(link.get().mtuBytes()) : OptionalInt.empty(),
              pfSide.flatMap(side -> side.pfSide().adminMac()),
              claims.isTaken(vf.pci()),
              link.flatMap(found -> UseInWords.of(found, facts.hostUse(found)))));
    }
    return List.copyOf(states);
  }

  @Override
  public void makeVfs(PfDevice pf, int count) throws MachineException {
    Set<PciAddress> used =
        vfsOf(pf).stream()
            .filter(vf -> vf.hostUse().isPresent())
            .map(VfState::pci)
            .collect(Collectors.toSet());
    try (NodeNetns netns = NodeNetns.hostOnly();
        HeldVfs _ = hold(devices.vfsOf(pf))) {
      VfCreation creation =
          new VfCreation(
              devices, kernel(netns), pci -> used.contains(pci) || isClaimed(pci), polling);
      creation.create(pf.pci(), count);
    } catch (IOException | StateException | VfCreationException e) {
      throw new MachineException(IoReason.withFile(e), e);
    }
  }

  @Override
  public boolean setUp(VfDevice vf, Function<VfState, List<Change>> wanted)
      throws MachineException {
    try (NodeNetns netns = NodeNetns.hostOnly();
        HeldVfs _ = hold(List.of(vf))) {
      boolean changed = false;
      Optional<VfDevice> now = devices.vf(vf.pci());
      for (VfState state : states(now.stream().toList(), netns)) {
        for (Change change : wanted.apply(state)) {
          kernel(netns).apply(change);
          changed = true;
        }
      }
      return changed;
    } catch (IOException | StateException | ChangeFailedException e) {
      throw new MachineException(IoReason.withFile(e), e);
    }
  }

  private Kernel kernel(NodeNetns netns) {
    return new PatientKernel(new NodeKernel(netns, devices, polling), pace, warnings);
  }

  /// Locks VFs in ascending order, as the plugins do.
  private HeldVfs hold(List<VfDevice> vfs) throws StateException {
    HeldVfs held = new HeldVfs(NodeLocks.open(attachments, polling));
    try {
      for (PciAddress pci : vfs.stream().map(VfDevice::pci).sorted().toList()) {
        held.locks.add(held.all.acquire(new LockName.OfPci(pci), LOCK_LIMIT));
      }
      return held;
    } catch (StateException | RuntimeException e) {
      held.close();
      throw e;
    }
  }

  /// VFs whose locks are held.
  private static final class HeldVfs implements AutoCloseable {
    private final NodeLocks all;
    private final List<HeldLock> locks = new ArrayList<>();

    HeldVfs(NodeLocks all) {
      this.all = all;
    }

    @Override
    public void close() throws StateException {
      locks.forEach(HeldLock::close);
      all.close();
    }
  }

  /// An unreadable claim counts: better to ask the user than to delete a pod's VF.
  private boolean isClaimed(PciAddress pci) {
    try {
      return claims.isTaken(pci);
    } catch (StateException _) {
      return true;
    }
  }

  @Override
  public void apply(Change change) throws MachineException {
    try (NodeNetns netns = NodeNetns.hostOnly()) {
      kernel(netns).apply(change);
    } catch (IOException | ChangeFailedException e) {
      throw new MachineException(IoReason.withFile(e), e);
    }
  }

  @Override
  public Path makeNetns(String name) throws MachineException {
    try {
      Path path = NamedNetns.create(name);
      try (NodeNetns netns = NodeNetns.open(path)) {
        kernel(netns).apply(new Change.SetAdminState(LinkRef.pod("lo"), true));
      }
      return path;
    } catch (IOException | ChangeFailedException e) {
      throw new MachineException(
          "cannot make the network namespace " + name + ": " + IoReason.withFile(e), e);
    }
  }

  @Override
  public boolean hasNetns(Path netns) {
    return Files.exists(netns);
  }

  @Override
  public void removeNetns(String name) throws MachineException {
    try {
      NamedNetns.delete(name);
    } catch (IOException e) {
      throw new MachineException(
          "cannot remove the network namespace " + name + ": " + IoReason.withFile(e), e);
    }
  }

  @Override
  public void replaceDefaultRoute(Path netnsPath, String link, InetAddress gateway)
      throws MachineException {
    try (NodeNetns netns = NodeNetns.open(netnsPath)) {
      IpPrefix everywhere = DefaultRoutes.everywhere(gateway);
      NodeKernel kernel = new NodeKernel(netns, devices, polling);
      NodeFacts facts = new NodeObserver(netns, devices).observe(FactsRequest.POD);
      for (Map.Entry<String, List<Route>> ofLink : facts.routes().entrySet()) {
        for (Route route : ofLink.getValue()) {
          if (route.destination().network().equals(everywhere) && route.table().isEmpty()) {
            kernel.apply(new Change.RemoveRoute(LinkRef.pod(ofLink.getKey()), route));
          }
        }
      }
      kernel.apply(
          new Change.AddRoute(LinkRef.pod(link), Route.of(everywhere, Optional.of(gateway))));
    } catch (IOException | ChangeFailedException e) {
      throw new MachineException(
          "cannot make the default route through "
              + IpText.format(gateway)
              + " on "
              + link
              + ": "
              + IoReason.withFile(e),
          e);
    }
  }

  @Override
  public NodeFacts observePod(Path netnsPath, FactsRequest request) throws MachineException {
    try (NodeNetns netns = NodeNetns.open(netnsPath)) {
      return new NodeObserver(netns, devices).observe(request);
    } catch (IOException e) {
      throw new MachineException(
          "cannot look into the network namespace " + netnsPath + ": " + IoReason.withFile(e), e);
    }
  }
}
