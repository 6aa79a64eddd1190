package dev.podbond.cluster.assess;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.preflight.ForeignMac;
import dev.podbond.bonding.preflight.VfConcern;
import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondVlan;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.cluster.sriov.VfPolicy;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// Compares a member's network and policies with the bond's mode and MTU. The node's preflight
/// later makes the same checks with the real VF; this makes them before any pod exists.
final class MemberFindings {
  /// The MTU of an interface for which nobody sets one.
  private static final int ETHERNET_MTU = 1500;

  private MemberFindings() {}

  /// @param policies those that make the member's resource. VFs that are claimed need none: what
  ///   their driver tells of, it hands out.
  static Stream<Finding> of(
      BondConfig bond, BondNetwork object, VfNetwork network, List<VfPolicy> policies) {
    if (policies.isEmpty() && object.allocation() instanceof Allocation.DevicePlugin) {
      return Stream.of(
          new Finding(
              Reason.POLICY_NOT_FOUND,
              "SriovNetwork "
                  + network.object()
                  + " takes VFs of the resource "
                  + network.resource()
                  + ", which no SriovNetworkNodePolicy makes; create one with resourceName "
                  + network.resource()));
    }
    return Stream.of(
            settings(bond, network),
            addresses(network),
            policies.stream().flatMap(policy -> policy(bond, policy)),
            policies.stream().flatMap(policy -> vlans(bond, object.vlans(), policy)))
        .flatMap(findings -> findings);
  }

  /// A VF that is not trusted gets trust first: its spoof check is another question.
  private static Stream<Finding> settings(BondConfig bond, VfNetwork network) {
    Optional<String> foreign = ForeignMac.of(bond);
    Set<VfConcern> concerns = VfConcern.of(bond, network, foreign.isPresent());
    return concerns.stream()
        .filter(concern ->
            concern != VfConcern.SPOOF_CHECKED || !concerns.contains(VfConcern.UNTRUSTED))
        .map(concern -> finding(concern, "SriovNetwork " + network.object(), foreign.orElse("")));
  }

  private static Finding finding(VfConcern concern, String network, String foreignMac) {
    return switch (concern) {
      case UNTRUSTED ->
          new Finding(
              Reason.TRUST_MISSING,
              network
                  + " does not trust its VF, which has to take "
                  + foreignMac
                  + "; set spec.trust: \"on\" there, or use active-backup with failOverMac 1");
      case SPOOF_CHECKED ->
          new Finding(
              Reason.SPOOF_CHECK,
              network
                  + " leaves the spoof check on, and its VF has to take "
                  + foreignMac
                  + ": some NICs then drop what it sends; set spec.spoofChk: \"off\" there");
      case LINK_DISABLED ->
          new Finding(
              Reason.LINK_STATE_DISABLED,
              network
                  + " has linkState disable: its VF never has a carrier; set"
                  + " linkState: auto");
      case LINK_FIXED ->
          new Finding(
              Reason.LINK_STATE_FIXED,
              network
                  + " has linkState enable: its VF keeps its carrier when the"
                  + " PF's cable is dead, and the bond does not fail over; set"
                  + " linkState: auto");
    };
  }

  private static Stream<Finding> addresses(VfNetwork network) {
    return network.addressed()
        ? Stream.of(
            new Finding(
                Reason.MEMBER_ADDRESSED,
                "SriovNetwork "
                    + network.object()
                    + " has an ipam: the member gets an address that nothing reaches; remove"
                    + " spec.ipam there, the bond has its own"))
        : Stream.empty();
  }

  private static Stream<Finding> policy(BondConfig bond, VfPolicy policy) {
    if (!policy.makesInterfaces()) {
      return Stream.of(
          new Finding(
              Reason.NO_INTERFACE,
              "SriovNetworkNodePolicy "
                  + policy.name()
                  + " has deviceType "
                  + policy.deviceType()
                  + ": its VFs are not network interfaces and cannot be members; set deviceType:"
                  + " netdevice"));
    }
    Stream<Finding> infiniband =
        policy.linkType().equals("ib") && bond.mode() != BondMode.ACTIVE_BACKUP
            ? Stream.of(
                new Finding(
                    Reason.INFINIBAND_MODE,
                    "SriovNetworkNodePolicy "
                        + policy.name()
                        + " makes InfiniBand VFs, which bond only in active-backup, not in "
                        + bond.mode()))
            : Stream.empty();
    return Stream.concat(infiniband, mtu("the bond's MTU", bond.mtuBytes(), policy));
  }

  /// A bond without its own MTU has its members'. For a bond with its own MTU, the BondNetwork
  /// itself checks the VLANs.
  private static Stream<Finding> vlans(BondConfig bond, List<BondVlan> vlans, VfPolicy policy) {
    return bond.mtuBytes().isPresent()
        ? Stream.empty()
        : vlans.stream()
            .flatMap(vlan ->
                mtu(
                    "the MTU of VLAN " + vlan.interfaceName() + ",",
                    LenientObject.number(vlan.config(), "mtu"),
                    policy));
  }

  private static Stream<Finding> mtu(String whose, OptionalInt wanted, VfPolicy policy) {
    int offered = policy.mtuBytes().orElse(ETHERNET_MTU);
    return wanted.isPresent() && wanted.getAsInt() > offered
        ? Stream.of(
            new Finding(
                Reason.MTU_TOO_LARGE,
                whose
                    + " "
                    + wanted.getAsInt()
                    + " is larger than the "
                    + offered
                    + " of SriovNetworkNodePolicy "
                    + policy.name()
                    + (policy.mtuBytes().isPresent() ? "" : ", which sets none")
                    + "; raise mtu there, or lower it here"))
        : Stream.empty();
  }
}
