package dev.podbond.agent.watch;

import dev.podbond.agent.uplink.UplinkWatch;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What metrics show of the bonds that a [NodeWatch] watches. Thread-safe.
public final class BondReadings {
  private static final Reading UNREAD = new Reading.Unknown("nobody has read its interface");

  private final Map<Path, WatchedPod> pods;
  private final Cause.PfCarriers carriers;
  private final UplinkWatch.Ports ports;
  private final Runnable replugged;
  private volatile Known known = new Known(List.of(), Map.of(), List.of());
  private volatile Map<PciAddress, Cabling> cabling = Map.of();

  /// The bonds of pods as they were when somebody asked last.
  private record Known(
      List<WatchedPod> pods, Map<PciAddress, Cabling> cabling, List<BondReading> bonds) {}

  /// @param pods those of the watch, which changes them meanwhile
  /// @param carriers asks the kernel
  /// @param ports ask the kernel
  /// @param replugged is told when a PF is plugged into something else
  BondReadings(
      Map<Path, WatchedPod> pods,
      Cause.PfCarriers carriers,
      UplinkWatch.Ports ports,
      Runnable replugged) {
    this.pods = pods;
    this.carriers = carriers;
    this.ports = ports;
    this.replugged = replugged;
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
    return pfNames(bonds());
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
  public List<NodeReading.PfReading> pfs(List<BondReading> bonds) {
    Map<PciAddress, String> names = pfNames(bonds);
    Map<PciAddress, PfPort> seen = ports.of(names.keySet());
    plug(seen);
    List<NodeReading.PfReading> pfs = new ArrayList<>();
    names.forEach((pci, name) ->
        pfs.add(
            new NodeReading.PfReading(
                name,
                pci.toString(),
                carriers.of(pci),
                Optional.ofNullable(seen.get(pci)).map(PfPort::lacp).orElse(UNREAD))));
    return pfs;
  }

  /// Of a PF that could not be read this time, and of a neighbour that is silent, what was known
  /// before holds.
  private void plug(Map<PciAddress, PfPort> seen) {
    Map<PciAddress, Cabling> before = cabling;
    Map<PciAddress, Cabling> now = new HashMap<>();
    seen.forEach((pf, port) -> {
      Cabling last = before.getOrDefault(pf, Cabling.UNKNOWN);
      Cabling next = port.cabling().map(read -> read.after(last)).orElse(last);
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
