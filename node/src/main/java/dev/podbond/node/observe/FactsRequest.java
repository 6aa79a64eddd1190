package dev.podbond.node.observe;

import dev.podbond.bonding.net.PciAddress;
import java.util.HashSet;
import java.util.Set;

/// Which facts a decision needs. Of the pod it is always everything: pods have few links.
///
/// @param hostLinks names, or alternative names, of links on the host
/// @param devices PCI addresses of VFs; the VFs among the links found are added to them
public record FactsRequest(Set<String> hostLinks, Set<PciAddress> devices) {
  /// The pod, and the VFs in it.
  public static final FactsRequest POD = new FactsRequest(Set.of(), Set.of());

  public FactsRequest {
    hostLinks = Set.copyOf(hostLinks);
    devices = Set.copyOf(devices);
  }

  /// This request and a link on the host.
  public FactsRequest withHostLink(String name) {
    Set<String> more = new HashSet<>(hostLinks);
    more.add(name);
    return new FactsRequest(more, devices);
  }

  /// This request and a VF.
  public FactsRequest withDevice(PciAddress pci) {
    Set<PciAddress> more = new HashSet<>(devices);
    more.add(pci);
    return new FactsRequest(hostLinks, more);
  }
}
