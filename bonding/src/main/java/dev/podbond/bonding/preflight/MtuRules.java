package dev.podbond.bonding.preflight;

import java.util.List;
import java.util.stream.Stream;

/// Compares the bond's MTU, which every member gets, with the MTU of the links below.
final class MtuRules {
  static final List<BondRule> ALL =
      List.of(BondRule.forEach(MtuRules::fitsTheMember), BondRule.forEach(MtuRules::fitsThePf));

  private MtuRules() {}

  private static Stream<Finding> fitsTheMember(ResolvedMember member, PreflightInput request) {
    if (request.config().mtuBytes().isEmpty()) {
      return Stream.empty();
    }
    int wanted = request.config().mtuBytes().getAsInt();
    return member.link().filter(link -> link.mtuBytes() < wanted).stream()
        .map(link ->
            Finding.refusal(
                member.label(),
                "its MTU is "
                    + link.mtuBytes()
                    + ", less than the "
                    + wanted
                    + " of the bond; set the bond's mtu to "
                    + link.mtuBytes()
                    + " or less, or raise "
                    + (member.vf().isPresent()
                        ? "mtu in the VF's SriovNetworkNodePolicy"
                        : "the link's")));
  }

  private static Stream<Finding> fitsThePf(ResolvedMember member, PreflightInput request) {
    if (member.vf().isEmpty() || request.mtuBytes().isEmpty()) {
      return Stream.empty();
    }
    int bond = request.mtuBytes().getAsInt();
    var pf = PreflightInput.vf(member).pf();
    if (bond <= pf.mtuBytes()) {
      return Stream.empty();
    }
    String message =
        "the MTU of PF "
            + pf.name()
            + " is "
            + pf.mtuBytes()
            + ", less than the "
            + bond
            + " of the bond: longer frames would be lost; set the bond's mtu to "
            + pf.mtuBytes()
            + " or less, or raise mtu in the SriovNetworkNodePolicy";
    return Stream.of(
        request.config().mtuBytes().isPresent()
            ? Finding.refusal(member.label(), message)
            : Finding.warning(member.label(), message));
  }
}
