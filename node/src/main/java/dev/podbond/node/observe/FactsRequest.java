package dev.podbond.node.observe;

import dev.podbond.value.PciAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Which facts a decision needs.
///
/// @param hostLinks names, or alternative names, of links on the host
/// @param devices PCI addresses of VFs, which are found in the pod under any name; the VFs among
///   the links found are added
/// @param askedPf the VFs about which their PFs are asked; empty for all that are found
/// @param pod what else is read in the pod
/// @param extent what is read about links in addition to themselves
public record FactsRequest(
    Set<String> hostLinks,
    Set<PciAddress> devices,
    Optional<Set<PciAddress>> askedPf,
    PodScope pod,
    Extent extent) {
  /// What is read about links in addition to themselves.
  public enum Extent {
    /// Enough for any decision: their addresses, and which names are free in place of names that
    /// are taken.
    FULL,
    /// Enough to bring links into the pod: their addresses, and which names are free there in place
    /// of the names of links that come from the host.
    ARRIVALS,
    /// Enough to take links home from the pod: their addresses, and which names are free on the
    /// host in place of names that are taken.
    DEPARTURES,
    /// Enough to see whether anything is left to do to the links, though not to do it.
    LINKS_ALONE
  }

  /// The whole pod, and the VFs in it.
  public static final FactsRequest POD =
      new FactsRequest(Set.of(), Set.of(), new PodScope.Everything());

  public FactsRequest {
    hostLinks = Set.copyOf(hostLinks);
    devices = Set.copyOf(devices);
    askedPf = askedPf.map(Set::copyOf);
  }

  /// All that a decision may need.
  public FactsRequest(Set<String> hostLinks, Set<PciAddress> devices, PodScope pod) {
    this(hostLinks, devices, pod, Extent.FULL);
  }

  /// What such a decision needs, of all VFs that are found.
  public FactsRequest(Set<String> hostLinks, Set<PciAddress> devices, PodScope pod, Extent extent) {
    this(hostLinks, devices, Optional.empty(), pod, extent);
  }

  /// The whole pod, and the links of these names on the host.
  public FactsRequest(Set<String> hostLinks, Set<PciAddress> devices) {
    this(hostLinks, devices, new PodScope.Everything());
  }

  /// This request and a link on the host.
  public FactsRequest withHostLink(String name) {
    Set<String> more = new HashSet<>(hostLinks);
    more.add(name);
    return new FactsRequest(more, devices, askedPf, pod, extent);
  }

  /// This request and a VF.
  public FactsRequest withDevice(PciAddress pci) {
    Set<PciAddress> more = new HashSet<>(devices);
    more.add(pci);
    return new FactsRequest(hostLinks, more, askedPf, pod, extent);
  }
}
