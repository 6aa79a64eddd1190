package dev.podbond.bonding.plan;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.MemberSpec.Device;
import dev.podbond.bonding.config.MemberSpec.Named;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A future member, with its link from the facts.
///
/// @param link the link as it is now
/// @param podName its kernel name once it is in the pod
record Member(MemberSpec spec, LinkFacts link, String podName) {
  /// The members of a configuration in its order.
  ///
  /// @throws IllegalArgumentException if the facts lack a member, which preflight refuses
  static List<Member> resolve(BondConfig config, BondNames names, NodeFacts facts) {
    Place place = config.linksInContainer() ? Place.POD : Place.HOST;
    Set<String> taken = new HashSet<>();
    taken.add(names.name());
    names.altName().ifPresent(taken::add);
    config.members().forEach(spec -> spec.knownName().ifPresent(taken::add));
    List<Member> members = new ArrayList<>();
    for (MemberSpec spec : config.members()) {
      LinkFacts link =
          find(spec, place, facts)
              .orElseThrow(() -> new IllegalArgumentException("no facts about " + spec.label()));
      String podName =
          switch (spec) {
            case Named _ -> link.name();
            case Device device ->
                device
                    .podName()
                    .orElseGet(
                        () -> FreeName.near(link.name(), name -> isTaken(name, taken, facts)));
          };
      taken.add(podName);
      members.add(new Member(spec, link, podName));
    }
    return List.copyOf(members);
  }

  private static Optional<LinkFacts> find(MemberSpec spec, Place place, NodeFacts facts) {
    return switch (spec) {
      case Named named -> facts.link(place, named.name());
      case Device device -> facts.vf(device.pci()).flatMap(vf -> VfPlanner.netdev(vf, facts));
    };
  }

  private static boolean isTaken(String name, Set<String> taken, NodeFacts facts) {
    return taken.contains(name) || facts.link(Place.POD, name).isPresent();
  }

  LinkRef inPod() {
    return LinkRef.pod(podName);
  }

  /// Whether it is up once it is in the pod: a move takes a link down.
  boolean arrivesUp() {
    return link.ref().place() == Place.POD && link.up();
  }

  /// The MAC it has once it is in the pod.
  Optional<MacAddress> arrivingMac() {
    return switch (spec) {
      case Named _ -> link.mac();
      case Device device -> device.vf().mac().or(link::mac);
    };
  }

  /// Whether a configuration can mean this member by `name`.
  boolean answersTo(String name) {
    return podName.equals(name)
        || link.answersTo(name)
        || spec.knownName().equals(Optional.of(name))
        || link.pci().map(Object::toString).equals(Optional.of(name));
  }
}
