package dev.podbond.cluster.assess;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.preflight.VfView;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.cluster.sriov.VfPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Problems between a bond's members.
final class CrossMemberFindings {
  private CrossMemberFindings() {}

  static Stream<Finding> of(BondConfig bond, List<VfNetwork> members, ClusterSnapshot snapshot) {
    return Stream.of(vlan(members), mtu(bond, members, snapshot), lacp(bond))
        .flatMap(findings -> findings);
  }

  /// With a device plugin, a pool does not promise from which PF a VF comes. If it has only one PF,
  /// both VFs come from that.
  static Stream<Finding> oneResource(List<VfNetwork> members) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      for (int j = i + 1; j < members.size(); j++) {
        if (members.get(i).resource().equals(members.get(j).resource())) {
          findings.add(
              new Finding(
                  Reason.SAME_PF,
                  "SriovNetwork "
                      + members.get(i).object()
                      + " and "
                      + members.get(j).object()
                      + " both take VFs of the resource "
                      + members.get(i).resource()
                      + ", so both can come from one PF and fail together; make one"
                      + " SriovNetworkNodePolicy and one resourceName for each PF"));
        }
      }
    }
    return findings.stream();
  }

  private static Stream<Finding> vlan(List<VfNetwork> members) {
    List<String> vlans =
        VfView.vlans(members).stream()
            .map(vlan ->
                vlan.id()
                    + (vlan.id() == 0 ? "" : " (" + vlan.protocol() + ", QoS " + vlan.qos() + ")"))
            .sorted()
            .toList();
    return vlans.size() <= 1
        ? Stream.empty()
        : Stream.of(
            new Finding(
                Reason.VLAN_MISMATCH,
                "the members are in different VLANs, "
                    + String.join(" and ", vlans)
                    + ", so a failover changes the network; set the same vlan, vlanQoS and"
                    + " vlanProto in their SriovNetworks"));
  }

  private static Stream<Finding> mtu(
      BondConfig bond, List<VfNetwork> members, ClusterSnapshot snapshot) {
    List<VfPolicy> policies =
        members.stream()
            .flatMap(member -> snapshot.policies(member.resource()).stream())
            .distinct()
            .toList();
    long sizes = policies.stream().map(VfPolicy::mtuBytes).distinct().count();
    return bond.mtuBytes().isPresent() || sizes <= 1
        ? Stream.empty()
        : Stream.of(
            new Finding(
                Reason.MTU_UNEQUAL,
                "the policies of the members set different MTUs ("
                    + policies.stream()
                        .map(policy ->
                            policy.name()
                                + " "
                                + (policy.mtuBytes().isPresent()
                                    ? policy.mtuBytes().getAsInt()
                                    : "none"))
                        .collect(Collectors.joining(", "))
                    + "), and the bond gets the smallest; set spec.mtu, or the same mtu in both"));
  }

  private static Stream<Finding> lacp(BondConfig bond) {
    return bond.mode() == BondMode.LACP
        ? Stream.of(
            new Finding(
                Reason.LACP_SHARED,
                "802.3ad over VFs works only for one pod of each pair of PFs, as a switch port"
                    + " knows one LACP partner; use active-backup, or balance-xor with a static"
                    + " LAG, if more pods are to have it"))
        : Stream.empty();
  }
}
