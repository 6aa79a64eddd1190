package dev.podbond.bonding.preflight;

import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import java.util.Optional;
import java.util.stream.Stream;

/// Checks a VLAN against its bond.
final class VlanRules {
  private VlanRules() {}

  static Stream<Finding> check(VlanConfig config, String name, NodeFacts facts) {
    String subject = "VLAN " + config.vlanId();
    Optional<LinkFacts> below = facts.link(Place.POD, config.bond());
    return Stream.concat(
        nameIsFree(subject, name, facts),
        below
            .map(link -> fits(subject, config, link))
            .orElseGet(() ->
                Stream.of(
                    Finding.refusal(
                        subject,
                        "there is no bond "
                            + config.bond()
                            + " in the pod to make it on; have the bond's network before this one"
                            + " in the pod's annotation"))));
  }

  private static Stream<Finding> nameIsFree(String subject, String name, NodeFacts facts) {
    return facts.link(Place.POD, name).stream()
        .map(taken ->
            Finding.refusal(
                subject,
                "the name "
                    + name
                    + " is taken in the pod by "
                    + NameRules.describe(taken)
                    + "; give the VLAN another in the pod's annotation"));
  }

  private static Stream<Finding> fits(String subject, VlanConfig config, LinkFacts link) {
    if (!link.kind().equals("bond")) {
      return Stream.of(
          Finding.refusal(
              subject,
              config.bond() + " in the pod is not a bond but " + NameRules.describe(link)));
    }
    // With a larger MTU the kernel accepts frames that the bond cannot send.
    return config.mtuBytes().isPresent() && config.mtuBytes().getAsInt() > link.mtuBytes()
        ? Stream.of(
            Finding.refusal(
                subject,
                "its MTU "
                    + config.mtuBytes().getAsInt()
                    + " is larger than the "
                    + link.mtuBytes()
                    + " of "
                    + link.ref()
                    + "; lower the VLAN's mtu or raise the bond's"))
        : Stream.empty();
  }
}
