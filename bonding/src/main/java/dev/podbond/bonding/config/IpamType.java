package dev.podbond.bonding.config;

import java.util.Optional;
import java.util.Set;

/// What is known by its type to be no IPAM plugin. Run as one it would do its own work with the
/// attachment's configuration, as root: host-device takes a link of the node, bridge makes one; and
/// its DEL may fail for ever, so that the pod could never be deleted.
public final class IpamType {
  /// The usual names of this plugin, which would wait for the attachment on whose behalf it is
  /// asked.
  private static final Set<String> OWN = Set.of("bond", "sriov", "podbond");

  /// All but `dhcp`, `host-local` and `static` of the reference plugins
  /// (`containernetworking/plugins`, main and meta), and what is often found beside them.
  private static final Set<String> OTHERS =
      Set.of(
          "bridge",
          "dummy",
          "host-device",
          "ipvlan",
          "loopback",
          "macvlan",
          "ptp",
          "tap",
          "vlan",
          "bandwidth",
          "firewall",
          "flannel",
          "portmap",
          "sbr",
          "tuning",
          "vrf",
          "ib-sriov",
          "multus",
          "multus-shim",
          "ovn-k8s-cni-overlay",
          "ovs",
          "rdma",
          "route-override");

  private IpamType() {}

  /// Why a plugin of this type has no addresses to give; empty if it may have.
  public static Optional<String> refusal(String type) {
    return OWN.contains(type) || OTHERS.contains(type)
        ? Optional.of("it must be an IPAM plugin, as host-local or static")
        : Optional.empty();
  }
}
