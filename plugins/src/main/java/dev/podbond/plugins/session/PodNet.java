package dev.podbond.plugins.session;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PodTraces;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.linkstate.PfVfs;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.plan.AssignedIp;
import dev.podbond.bonding.plan.Rebinding;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.announce.AddressSettling;
import dev.podbond.node.announce.Announcer;
import dev.podbond.node.kernel.NodeKernel;
import dev.podbond.node.kernel.PatientKernel;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.netns.NodeNetns;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.node.observe.NodeObserver;
import dev.podbond.node.observe.PodScope;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.plugins.attachment.AttachmentSpec;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.IoReason;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The kernel of the node and of one pod, open during one call.
public final class PodNet implements AutoCloseable {
  /// Longer than the kernel needs to destroy a namespace, even if many end at once.
  private static final Duration HOMECOMING_LIMIT = Duration.ofSeconds(5);

  private final NodeEnvironment node;
  private final NodeNetns netns;
  private final PciDevices devices;
  private final NodeObserver observer;
  private final DisabledVfStore disabled;
  private final Polling polling = new Polling(WaitClock.SYSTEM);

  private PodNet(NodeEnvironment node, NodeNetns netns) {
    this.node = node;
    this.netns = netns;
    this.devices = new PciDevices(node.sysfs());
    this.observer = new NodeObserver(netns, devices);
    this.disabled = new DisabledVfStore(node.stateDirectory(), node.files(), node::warn);
  }

  /// Opens a pod that must be there.
  public static PodNet open(NodeEnvironment node, Path podNetns) throws CniException {
    try {
      return new PodNet(node, NodeNetns.open(podNetns));
    } catch (LinuxException e) {
      throw new CniException(
          e.errno().equals(Errno.EPERM) ? CniErrorCode.INTERNAL : CniErrorCode.INVALID_ENVIRONMENT,
          "cannot open the network namespace CNI_NETNS=" + podNetns + ": " + e.getMessage(),
          e);
    }
  }

  /// Opens a pod if its namespace still exists. A path that leads to this process' own namespace
  /// means that the pod is gone: the path was `/proc/<pid>/ns/net`, and a process of the host has
  /// the id now.
  public static Optional<PodNet> openIfThere(NodeEnvironment node, Optional<String> podNetns)
      throws CniException {
    if (podNetns.isEmpty()
        || !Files.exists(Path.of(podNetns.get()))
        || isOwn(Path.of(podNetns.get()))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new PodNet(node, NodeNetns.open(Path.of(podNetns.get()))));
    } catch (LinuxException e) {
      // Unmounting a namespace leaves a plain file.
      if (e.errno().equals(Errno.ENOENT) || e.errno().equals(Errno.EINVAL)) {
        return Optional.empty();
      }
      throw unreadable(e);
    }
  }

  /// Opens the pod of an attachment if its namespace still exists. If another namespace is at the
  /// path now, the pod is gone and nothing in that namespace is ours: runtimes reuse mount points,
  /// and the kernel reuses process ids.
  public static Optional<PodNet> openIfThere(NodeEnvironment node, Attachment record)
      throws CniException {
    Optional<PodNet> pod =
        openIfThere(node, Optional.of(record.netns()).filter(path -> !path.isEmpty()));
    if (pod.isEmpty()) {
      return pod;
    }
    boolean same = false;
    try {
      same = pod.get().isOf(record);
    } finally {
      if (!same) {
        pod.get().close();
      }
    }
    return same ? pod : Optional.empty();
  }

  /// Whether the open pod is the attachment's pod, as far as we can tell.
  public boolean isOf(Attachment record) throws CniException {
    return !record.origin().netns().differsFrom(id());
  }

  /// The identity of the pod's namespace.
  public NetnsId id() throws CniException {
    try {
      return NetnsIds.of(pod());
    } catch (LinuxException e) {
      throw unreadable(e);
    }
  }

  /// The host alone, for a pod that is gone.
  public static PodNet hostOnly(NodeEnvironment node) throws CniException {
    try {
      return new PodNet(node, NodeNetns.hostOnly());
    } catch (LinuxException e) {
      throw unreadable(e);
    }
  }

  /// The kernel for the changes of this call, with patience for drivers that are busy.
  public Kernel kernel() {
    return patient(new NodeKernel(netns, devices, polling));
  }

  /// The kernel for changes that rest on these facts. A link leaves the host only if it is the link
  /// that was observed under that name.
  public Kernel kernel(NodeFacts seen) {
    return patient(new NodeKernel(netns, devices, polling, seen));
  }

  /// As [#kernel(NodeFacts)] for a caller that tries again itself: it waits for no driver. What is
  /// busy may stay so for as long as a pod wants.
  public Kernel hastyKernel(NodeFacts seen) {
    return node.changes().apply(new NodeKernel(netns, devices, polling, seen));
  }

  /// As [#kernel()] for what the agent does by itself and tries again: it waits for no driver.
  public Kernel ownKernel() {
    return node.changes().apply(new NodeKernel(netns, devices, polling));
  }

  private Kernel patient(Kernel kernel) {
    return new PatientKernel(node.changes().apply(kernel), WaitClock.SYSTEM, node::warn);
  }

  /// The facts that the decisions of a specification rest on, including what the host uses its
  /// links for. A link that is in the pod is not looked for on the host as well.
  public NodeFacts observe(AttachmentSpec spec) throws CniException {
    return withHostUses(observeParts(spec, FactsRequest.Extent.FULL));
  }

  /// The same for an ADD, which only brings links into the pod.
  public NodeFacts observeForAdd(AttachmentSpec spec) throws CniException {
    return withHostUses(observeParts(spec, FactsRequest.Extent.ARRIVALS));
  }

  private NodeFacts observeParts(AttachmentSpec spec, FactsRequest.Extent extent)
      throws CniException {
    Set<PciAddress> devices = Set.copyOf(spec.devices());
    PodScope scope = PodScope.Named.withAddresses(spec.podLinks());
    NodeFacts facts = observe(new FactsRequest(Set.of(), devices, scope, extent));
    return spec.hostLinks().stream().allMatch(name -> facts.link(Place.POD, name).isPresent())
        ? facts
        : observe(new FactsRequest(spec.hostLinks(), devices, scope, extent));
  }

  /// The facts about everything that an attachment concerns, wherever it is now, without its
  /// routes.
  public NodeFacts observe(Attachment record) throws CniException {
    return observe(request(record, Map.of()));
  }

  /// As [#observe(Attachment)], but only enough to see whether anything is left to do to its links:
  /// without addresses, and without names that are free in place of names that are taken.
  public NodeFacts observeLinks(Attachment record) throws CniException {
    return observe(restoring(record, FactsRequest.Extent.LINKS_ALONE));
  }

  /// As [#observe(Attachment)], but only enough to remove the attachment.
  private NodeFacts observeForRemoval(Attachment record) throws CniException {
    NodeFacts facts = observe(restoring(record, FactsRequest.Extent.DEPARTURES));
    return record.members().stream().anyMatch(link -> isRenamedAtHomeInPod(link, facts))
        ? observe(record)
        : facts;
  }

  /// Then it matters which names are free in the pod, too.
  private static boolean isRenamedAtHomeInPod(SavedLink saved, NodeFacts facts) {
    return saved.home().place() == Place.POD
        && saved.locate(facts).filter(now -> !now.ref().equals(saved.home())).isPresent();
  }

  /// The PF's side matters only of what the attachment took from the host.
  private static FactsRequest restoring(Attachment record, FactsRequest.Extent extent) {
    FactsRequest full = request(record, Map.of());
    Set<PciAddress> fromHost = new HashSet<>();
    record.vfs().forEach(vf -> fromHost.add(vf.pci()));
    record.members().stream()
        .filter(link -> link.home().place() == Place.HOST)
        .forEach(link -> link.pci().ifPresent(fromHost::add));
    return new FactsRequest(
        full.hostLinks(), full.devices(), Optional.of(fromHost), full.pod(), extent);
  }

  /// The facts that show whether an attachment is as expected, and no more.
  public NodeFacts observe(Expectation expected) throws CniException {
    return read(() -> observer.observe(expected));
  }

  /// As [#observe(Attachment)], with the routes that the attachment should have.
  public NodeFacts observeWithRoutes(Attachment record) throws CniException {
    Set<IpPrefix> destinations =
        record.routes().stream().map(Route::destination).collect(Collectors.toSet());
    return observe(request(record, Map.of(record.addressed().name(), destinations)));
  }

  private static FactsRequest request(Attachment record, Map<String, Set<IpPrefix>> routes) {
    Set<String> pod = new HashSet<>();
    Set<String> host = new HashSet<>();
    Set<PciAddress> devices = new HashSet<>();
    pod.add(record.addressed().name());
    record
        .bond()
        .ifPresent(names -> {
          pod.add(names.name());
          names.altName().ifPresent(pod::add);
        });
    record.vlan().ifPresent(pod::add);
    record.vfs().forEach(vf -> devices.add(vf.pci()));
    Stream.concat(
            record.members().stream(), record.vfs().stream().flatMap(vf -> vf.link().stream()))
        .forEach(link -> {
          link.pci().ifPresent(devices::add);
          pod.add(link.podName());
          Set<String> home = link.home().place() == Place.HOST ? host : pod;
          home.add(link.home().name());
          home.add(link.podName());
          home.addAll(link.altNames());
        });
    return new FactsRequest(
        host,
        devices,
        new PodScope.Named(
            pod, Map.of(record.addressed().name(), Set.copyOf(record.addresses())), routes));
  }

  /// The facts about VFs alone, wherever they are.
  public NodeFacts observe(Collection<PciAddress> devices) throws CniException {
    return observe(new FactsRequest(Set.of(), Set.copyOf(devices), PodScope.Named.links(Set.of())));
  }

  /// The facts, including what the host uses those of its links for that may be about to leave it.
  public NodeFacts withHostUses(NodeFacts facts) throws CniException {
    try {
      return observer.withHostUses(facts);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private NodeFacts observe(FactsRequest request) throws CniException {
    return read(() -> observer.observe(request));
  }

  private interface Reading {
    NodeFacts read() throws IOException;
  }

  /// The facts without what the agent takes back: VFs that have no link because of a bad uplink.
  /// Somebody who does not hold the locks of VFs may see one on its way there or back, which is
  /// written down before it loses its link, and until it has it again.
  private NodeFacts read(Reading reading) throws CniException {
    try {
      List<DisabledVf> all = new ArrayList<>(disabled.readable());
      NodeFacts facts = reading.read();
      if (facts.vfs().values().stream().noneMatch(PodNet::isDisabled)) {
        return facts;
      }
      all.addAll(disabled.readable());
      all.removeIf(some -> !some.bootId().equals(NetnsIds.bootId()));
      return DisabledVf.disregarded(all, facts);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// A VF with the link state that its PF reports, whoever has set that; empty if it cannot be
  /// seen.
  Optional<PfVfs.Vf> linkState(PciAddress vf) throws CniException {
    try {
      return observer
          .observe(new FactsRequest(Set.of(), Set.of(vf), PodScope.Named.links(Set.of())))
          .vf(vf)
          .map(seen -> new PfVfs.Vf(seen.ref(), seen.pfSide().linkState()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static boolean isDisabled(VfFacts vf) {
    return vf.pfSide().linkState().equals(Optional.of(VfLinkState.DISABLE));
  }

  /// What the removal of an attachment rests on. Waits for VFs that are still to arrive: the kernel
  /// destroys a namespace after it has become invisible, and only then returns its hardware to the
  /// host. A pod that still exists returns nothing by itself.
  public NodeFacts observeArrived(Attachment record) throws CniException {
    return netns.pod().isPresent()
        ? observeForRemoval(record)
        : observeUntil(
            () -> observeForRemoval(record),
            facts -> Rebinding.missing(record, facts).isEmpty(),
            HOMECOMING_LIMIT);
  }

  /// One look at the facts.
  @FunctionalInterface
  public interface Look {
    /// Looks once.
    NodeFacts observe() throws CniException;
  }

  /// Repeats the observation until the facts are as hoped for or the limit has passed.
  public NodeFacts observeUntil(Look look, Predicate<NodeFacts> hopedFor, Duration limit)
      throws CniException {
    AtomicReference<NodeFacts> last = new AtomicReference<>(look.observe());
    if (!hopedFor.test(last.get())) {
      polling.until(
          () -> {
            last.set(look.observe());
            return hopedFor.test(last.get());
          },
          limit);
    }
    return last.get();
  }

  /// What the pod's namespace tells of other namespaces. A namespace that ended with an earlier
  /// boot has left nothing: the VFs have been created anew since.
  ///
  /// @param record of an attachment of the pod, or of the pod that is gone
  public PodTraces traces(Attachment record) {
    Optional<Rtnetlink> pod = netns.pod();
    if (pod.isEmpty()) {
      String boot = record.origin().bootId();
      return boot.isEmpty() || boot.equals(NetnsIds.bootId()) ? PodTraces.GONE : PodTraces.NONE;
    }
    try {
      return pod.get().peers().isAnyBut(netns.host().netns())
          ? PodTraces.OTHER_NAMESPACES
          : PodTraces.NONE;
    } catch (NetlinkException e) {
      // If the pod prevents us from reading this, we assume the worst.
      node.warn("cannot tell which namespaces the pod knows of: " + e.getMessage());
      return PodTraces.OTHER_NAMESPACES;
    }
  }

  /// Waits for the carrier of a link in the pod.
  public boolean hasCarrierWithin(LinkRef link, Duration limit) throws CniException {
    try {
      return polling.until(
          () ->
              pod()
                  .links()
                  .find(link.name())
                  .filter(found -> found.flags().isRunning())
                  .isPresent(),
          limit);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Tells the neighbours about the addresses of a link. Waits for IPv6's duplicate address
  /// detection, with or without a gateway: until it ends no program can bind the address, and a
  /// duplicate address never works. Without a carrier this does not wait, since no neighbour can
  /// answer. A failure to announce is only a warning, since the addresses are there and work.
  ///
  /// @param seen the link with the addresses
  /// @throws CniException if another node has one of the addresses
  public void announce(LinkFacts seen, List<AssignedIp> ips) throws CniException {
    try {
      List<InetAddress> ipv6 = addresses(ips, false);
      List<InetAddress> announced = new ArrayList<>(addresses(ips, true));
      if (!ipv6.isEmpty() && seen.carrier()) {
        announced.addAll(ipv6);
        announced.removeAll(tentative(seen));
      }
      Announcer.announce(pod().netns(), seen, announced);
    } catch (IOException e) {
      node.warn(
          "the addresses of " + seen.ref() + " could not be announced: " + IoReason.withFile(e));
    }
  }

  private static List<InetAddress> addresses(List<AssignedIp> ips, boolean ipv4) {
    return ips.stream()
        .map(AssignedIp::address)
        .filter(prefix -> prefix.isIpv4() == ipv4)
        .map(IpPrefix::address)
        .toList();
  }

  /// Waits until duplicate address detection has ended.
  ///
  /// @return the addresses for which it has not ended in time
  private List<InetAddress> tentative(LinkFacts link) throws CniException, IOException {
    AddressSettling.Outcome settled =
        new AddressSettling(pod(), polling).await(link.index(), AddressSettling.USUAL_LIMIT);
    if (!settled.duplicate().isEmpty()) {
      throw new CniException(
          PluginErrorCodes.UNDONE,
          "another node has the address "
              + IpText.format(settled.duplicate().getFirst())
              + " that IPAM assigned (IPv6 duplicate address detection)");
    }
    if (!settled.tentative().isEmpty()) {
      node.warn(
          link.ref()
              + ": IPv6 duplicate address detection has not ended for "
              + settled.tentative().stream().map(IpText::format).collect(Collectors.joining(", "))
              + " after "
              + AddressSettling.USUAL_LIMIT.toSeconds()
              + " s");
    }
    return settled.tentative();
  }

  /// Whether a path is the namespace in which this process runs.
  public static boolean isOwn(Path path) {
    return Netns.isOwn(path);
  }

  private Rtnetlink pod() {
    return netns.pod().orElseThrow();
  }

  private static CniException unreadable(Exception e) {
    return new CniException(
        CniErrorCode.INTERNAL, "cannot read this node's links: " + IoReason.withFile(e), e);
  }

  @Override
  public void close() {
    netns.close();
  }
}
