package dev.podbond.bonding.preflight;

import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.net.Place;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether one VF can go into a pod by itself.
final class VfRules {
  private VfRules() {}

  static Stream<Finding> check(SriovConfig config, String podName, NodeFacts facts) {
    Optional<VfFacts> vf = facts.vf(config.device());
    if (vf.isEmpty()) {
      return Stream.of(
          Finding.refusal(
              "device " + config.device(),
              "this node has no VF at this PCI address; deviceID must be that of a VF, as in"
                  + " /sys/bus/pci/devices/*/physfn"));
    }
    String subject = vf.get().ref().toString();
    Optional<LinkFacts> link =
        facts.links().stream()
            .filter(found -> found.pci().equals(Optional.of(config.device())))
            .findFirst();
    return Stream.of(
            driver(subject, vf.get(), link),
            whereabouts(subject, link),
            link.stream().flatMap(found -> HostLinkRules.check(subject, found, facts)),
            podName(subject, podName, link, facts),
            CarrierRules.pfCarrier(subject, vf.get().pf()))
        .flatMap(findings -> findings);
  }

  private static Stream<Finding> driver(String subject, VfFacts vf, Optional<LinkFacts> link) {
    if (vf.isUserspaceDriven() || link.isPresent()) {
      return Stream.empty();
    }
    return Stream.of(
        Finding.refusal(
            subject,
            vf.driver()
                .map(name ->
                    "its driver is "
                        + name
                        + ", and its network interface is not on the host; another pod has it,"
                        + " or the driver failed to make one")
                .orElse("no driver is bound to it; bind its kernel driver or vfio-pci")));
  }

  private static Stream<Finding> whereabouts(String subject, Optional<LinkFacts> found) {
    if (found.isEmpty()) {
      return Stream.empty();
    }
    LinkFacts link = found.get();
    if (link.ref().place() == Place.POD) {
      return Stream.of(
          Finding.refusal(
              subject, "it is already in this pod, as " + link.name() + "; attach each VF once"));
    }
    return link
        .member()
        .map(member ->
            Finding.refusal(
                subject,
                link.ref()
                    + " is a member of "
                    + (member.masterKind() + " " + member.bond()).strip()
                    + "; release it, or keep this VF out of the pool"))
        .stream();
  }

  private static Stream<Finding> podName(
      String subject, String podName, Optional<LinkFacts> link, NodeFacts facts) {
    return link.isEmpty()
        ? Stream.empty()
        : facts
            .link(Place.POD, podName)
            .filter(taken -> !taken.equals(link.get()))
            .map(taken ->
                Finding.refusal(
                    subject,
                    "the name "
                        + podName
                        + " is taken in the pod by "
                        + NameRules.describe(taken)
                        + "; ask for another interface name in the pod's annotation"))
            .stream();
  }
}
