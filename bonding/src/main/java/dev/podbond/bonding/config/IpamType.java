package dev.podbond.bonding.config;

import java.util.Optional;
import java.util.Set;

/// Types that are known not to be IPAM plugins. If we ran one as an IPAM plugin, it would do its
/// own work with the attachment's configuration, as root: host-device takes a link of the node,
/// bridge makes one. Its DEL might fail for ever, so that the pod could never be deleted.
public final class IpamType {
  /// The usual names of this plugin. It would wait for the attachment for which it is called.
  private static final Set<String> OWN = Set.of("bond", "sriov", "podbond");

  /// All reference plugins except `dhcp`, `host-local` and `static` (`containernetworking/plugins`,
  /// main and meta), and plugins often installed beside them.
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

  /// Why a plugin of this type cannot give addresses; empty if it may.
  public static Optional<String> refusal(String type) {
    return OWN.contains(type) || OTHERS.contains(type)
        ? Optional.of("it must be an IPAM plugin, such as host-local or static")
        : Optional.empty();
  }
}
