package dev.podbond.agent.watch;

import dev.podbond.agent.uplink.UplinkWatch;
import dev.podbond.bonding.lldp.Neighbours;
import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.bonding.state.Cause;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.metrics.BondReading;
import dev.podbond.metrics.NodeReading;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.LinkTraffic;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What metrics show of the bonds that a [NodeWatch] watches. Thread-safe.
public final class BondReadings {
  private static final Reading UNREAD = new Reading.Unknown("nobody has read its interface");

  private final Map<Path, WatchedPod> pods;
  private final Cause.PfCarriers carriers;
  private final UplinkWatch.Ports ports;
  private final Runnable replugged;
  private final Runnable otherCarriers;

  /// The carriers of PFs as the kernel has told of them last. Whoever reads them asks the kernel
  /// anew: this says only when.
  private final Map<PciAddress, Boolean> told = new ConcurrentHashMap<>();

  private final AtomicLong tellings = new AtomicLong();
  private volatile Named named = new Named(List.of(), Map.of());
  private volatile Map<PciAddress, Boolean> read = Map.of();
  private volatile Known known = new Known(List.of(), Map.of(), List.of());
  private volatile Map<PciAddress, Cabling> cabling = Map.of();

  /// The bonds of pods as they were when somebody asked last.
  private record Known(
      List<WatchedPod> pods, Map<PciAddress, Cabling> cabling, List<BondReading> bonds) {}

  /// The PFs of these bonds.
  private record Named(List<BondReading> bonds, Map<PciAddress, String> pfs) {}

  /// What a reading of PFs rests on.
  private record Basis(Set<PciAddress> pfs, long tellings) {}

  /// @param pods those of the watch, which changes them meanwhile
  /// @param carriers asks the kernel
  /// @param ports ask the kernel
  /// @param replugged is told when a PF is plugged into something else
  /// @param otherCarriers is told when carriers were read that are not those that were read before
  BondReadings(
      Map<Path, WatchedPod> pods,
      Cause.PfCarriers carriers,
      UplinkWatch.Ports ports,
      Runnable replugged,
      Runnable otherCarriers) {
    this.pods = pods;
    this.carriers = carriers;
    this.ports = ports;
    this.replugged = replugged;
    this.otherCarriers = otherCarriers;
  }

  /// All watched bonds. Nobody looks at a pod for this. As long as nothing changes it is one and
  /// the same list, so whoever has made something of it need not do so again.
  public List<BondReading> bonds() {
    Known last = known;
    List<WatchedPod> now = List.copyOf(pods.values());
    Map<PciAddress, Cabling> plugged = cabling;
    List<BondReading> bonds =
        now.equals(last.pods()) && plugged.equals(last.cabling())
            ? last.bonds()
            : bonds(now, Map.of(), plugged);
    // Those of the last look, of which equal ones may have taken the place, need not be kept.
    known = new Known(now, plugged, bonds);
    return bonds;
  }

  /// What PFs are plugged into, as they were asked last.
  Map<PciAddress, Cabling> cabling() {
    return cabling;
  }

  /// As [#bonds], with what their members have carried.
  public List<BondReading> bonds(Map<AttachmentKey, Map<String, LinkTraffic>> traffic) {
    return bonds(pods.values(), traffic, cabling);
  }

  private static List<BondReading> bonds(
      Collection<WatchedPod> pods,
      Map<AttachmentKey, Map<String, LinkTraffic>> traffic,
      Map<PciAddress, Cabling> cabling) {
    return List.copyOf(pods.stream().flatMap(pod -> pod.readings(traffic, cabling)).toList());
  }

  /// All watched bonds that are there, as they were when last looked at.
  public List<WatchedBond> watched() {
    return pods.values().stream().flatMap(WatchedPod::bonds).toList();
  }

  /// What the members of all watched bonds have carried, by attachment and name, for which each pod
  /// is looked at now. A pod that cannot be looked at has none.
  public Map<AttachmentKey, Map<String, LinkTraffic>> traffic() {
    Map<AttachmentKey, Map<String, LinkTraffic>> all = new HashMap<>();
    pods.forEach((netns, pod) -> {
      try {
        all.putAll(pod.traffic(netns));
      } catch (IOException _) {
        // It is ending, or the next look at its bonds says what is wrong.
      }
    });
    return all;
  }

  /// The PFs whose VFs are members of the watched bonds, with their names.
  public Map<PciAddress, String> pfNames() {
    List<BondReading> bonds = bonds();
    Named last = named;
    if (!last.bonds().equals(bonds)) {
      last = new Named(bonds, Collections.unmodifiableMap(pfNames(bonds)));
      named = last;
    }
    return last.pfs();
  }

  /// What [#pfs] rests on. Once it is another, what was read before is out of date: there are other
  /// PFs, or the kernel has told of a carrier.
  public Object basis() {
    return new Basis(pfNames().keySet(), tellings.get());
  }

  /// The kernel tells of the interface of a function on the host.
  ///
  /// @return whether it is that of a PF whose carrier may be another than before
  boolean told(PciAddress pci, boolean carrier) {
    // Of one that was in no answer yet nobody can know anything that is out of date.
    if (!named.pfs().containsKey(pci)) {
      return false;
    }
    boolean isAsTold = Boolean.valueOf(carrier).equals(told.put(pci, carrier));
    // News may have been lost, or have come while nobody used the PF: what was read counts as well.
    if (isAsTold && !Boolean.valueOf(!carrier).equals(read.get(pci))) {
      return false;
    }
    tellings.incrementAndGet();
    return true;
  }

  /// News of carriers may have been lost.
  void missed() {
    tellings.incrementAndGet();
  }

  private static Map<PciAddress, String> pfNames(List<BondReading> bonds) {
    Map<PciAddress, String> names = new TreeMap<>();
    bonds.stream()
        .flatMap(bond -> bond.configured().stream())
        .flatMap(member -> member.pf().stream())
        .forEach(pf -> pf.pci().ifPresent(pci -> names.putIfAbsent(pci, pf.name())));
    return names;
  }

  /// The PFs whose VFs are members of these bonds, in the order of their addresses: each is asked
  /// now.
  ///
  /// @param neighbours who is known to be at the other ends of their cables
  public List<NodeReading.PfReading> pfs(List<BondReading> bonds, Neighbours neighbours) {
    Map<PciAddress, String> names = pfNames(bonds);
    Map<PciAddress, PfPort> seen = ports.of(names.keySet());
    plug(seen, neighbours);
    List<NodeReading.PfReading> pfs = new ArrayList<>();
    Map<PciAddress, Boolean> now = new HashMap<>();
    names.forEach((pci, name) -> {
      Optional<Boolean> carrier = carriers.of(pci);
      carrier.ifPresent(there -> now.put(pci, there));
      pfs.add(
          new NodeReading.PfReading(
              name,
              pci.toString(),
              carrier,
              Optional.ofNullable(seen.get(pci)).map(PfPort::lacp).orElse(UNREAD),
              Optional.empty(),
              neighbours.of(pci)));
    });
    // Who asked may have had no time to wait for this.
    if (!now.equals(read)) {
      read = Map.copyOf(now);
      otherCarriers.run();
    }
    return pfs;
  }

  /// Of a PF that could not be read this time, and of a neighbour that is silent, what was known
  /// before holds.
  private void plug(Map<PciAddress, PfPort> seen, Neighbours neighbours) {
    Map<PciAddress, Cabling> before = cabling;
    Map<PciAddress, Cabling> now = new HashMap<>();
    seen.forEach((pf, port) -> {
      Cabling last = before.getOrDefault(pf, Cabling.UNKNOWN);
      Cabling read = port.cabling().map(cable -> cable.after(last)).orElse(last);
      Cabling next = read.to(neighbours.chassis(pf, read.chassis()));
      if (!next.equals(Cabling.UNKNOWN)) {
        now.put(pf, next);
      }
    });
    if (!now.equals(before)) {
      cabling = Map.copyOf(now);
      replugged.run();
    }
  }
}
