package dev.podbond.agent.watch;

import dev.podbond.bonding.state.Cause;
import dev.podbond.metrics.BondReading;
import dev.podbond.metrics.NodeReading;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.LinkTraffic;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What metrics show of the bonds that a [NodeWatch] watches. Thread-safe.
public final class BondReadings {
  private final Map<Path, WatchedPod> pods;
  private final Cause.PfCarriers carriers;

  /// @param pods those of the watch, which changes them meanwhile
  /// @param carriers asks the kernel
  BondReadings(Map<Path, WatchedPod> pods, Cause.PfCarriers carriers) {
    this.pods = pods;
    this.carriers = carriers;
  }

  /// All watched bonds. Nobody looks at a pod for this.
  public List<BondReading> bonds() {
    return bonds(Map.of());
  }

  /// As [#bonds], with what their members have carried.
  public List<BondReading> bonds(Map<AttachmentKey, Map<String, LinkTraffic>> traffic) {
    return pods.values().stream().flatMap(pod -> pod.readings(traffic)).toList();
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

  /// The PFs whose VFs are members of these bonds, if it is known whether they have a carrier: each
  /// is asked now.
  public List<NodeReading.PfReading> pfs(List<BondReading> bonds) {
    Map<PciAddress, String> names = new HashMap<>();
    bonds.stream()
        .flatMap(bond -> bond.configured().stream())
        .flatMap(member -> member.pf().stream())
        .forEach(pf -> pf.pci().ifPresent(pci -> names.putIfAbsent(pci, pf.name())));
    List<NodeReading.PfReading> pfs = new ArrayList<>();
    names.forEach((pci, name) ->
        carriers
            .of(pci)
            .ifPresent(
                carrier -> pfs.add(new NodeReading.PfReading(name, pci.toString(), carrier))));
    pfs.sort(Comparator.comparing(NodeReading.PfReading::pci));
    return pfs;
  }
}
