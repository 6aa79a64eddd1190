package dev.podbond.operator.view;

import dev.podbond.cluster.assess.Companion;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.sriov.VfNetwork;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which BondNetworks need other switch ports than others, and which resources have the VFs of
/// those whom a change of that concerns. In most clusters there are none.
final class Companions {
  private final Supplier<Collection<BondNetwork>> bonds;
  private final Supplier<Collection<VfNetwork>> networks;
  private final LagCounts lags = new LagCounts();
  private final AtomicInteger networkChanges = new AtomicInteger();
  private volatile NetworkResources networkResources = new NetworkResources(-1, Map.of());

  /// @param bonds all that are in view
  /// @param networks all that are in view
  Companions(Supplier<Collection<BondNetwork>> bonds, Supplier<Collection<VfNetwork>> networks) {
    this.bonds = bonds;
    this.networks = networks;
  }

  /// The resources of networks by their attachments.
  ///
  /// @param change the number of the change after which they were these
  private record NetworkResources(int change, Map<String, String> byAttachment) {}

  /// Has to see every change of a BondNetwork, before anybody assesses it.
  void see(Optional<BondNetwork> before, Optional<BondNetwork> now) {
    lags.changed(before, now);
  }

  /// Has to hear of every change of a network.
  void networkChanged() {
    networkChanges.incrementAndGet();
  }

  /// The other BondNetworks that need other switch ports than this one.
  List<Companion> of(BondNetwork bond) {
    if (!lags.haveOther(bond)) {
      return List.of();
    }
    Map<String, String> known = resourcesByAttachment();
    return bonds.get().stream()
        .filter(other -> isOtherLag(bond, other) && !other.path().equals(bond.path()))
        .map(other ->
            new Companion(
                other.namespace(),
                other.name(),
                other.mode().orElseThrow(),
                resources(other, known)))
        .toList();
  }

  private static boolean isOtherLag(BondNetwork one, BondNetwork other) {
    return one.mode().isPresent()
        && other.mode().isPresent()
        && one.mode().get().switchLag() != other.mode().get().switchLag();
  }

  /// A bond that needs other switch ports than before concerns those whose VFs are of the same PFs.
  ///
  /// @return the resources of the bond; empty if nobody is concerned
  Set<String> resourcesOfBond(Optional<BondNetwork> before, Optional<BondNetwork> now) {
    if (before.flatMap(BondNetwork::mode).equals(now.flatMap(BondNetwork::mode))
        && before.map(BondNetwork::members).equals(now.map(BondNetwork::members))) {
      return Set.of();
    }
    return Stream.concat(before.stream(), now.stream())
        .filter(lags::haveOther)
        .flatMap(bond -> resources(bond, resourcesByAttachment()).stream())
        .collect(Collectors.toSet());
  }

  /// A network of another resource gives its bond other PFs, which concerns those who share them.
  ///
  /// @return the resources of the network; empty if nobody is concerned
  Set<String> resourcesOfNetwork(Optional<VfNetwork> before, Optional<VfNetwork> now) {
    if (!lags.areMixed()
        || (before.map(VfNetwork::resource).equals(now.map(VfNetwork::resource))
            && before.map(VfNetwork::attachment).equals(now.map(VfNetwork::attachment)))) {
      return Set.of();
    }
    return Stream.concat(before.stream(), now.stream())
        .map(VfNetwork::resource)
        .collect(Collectors.toSet());
  }

  private Map<String, String> resourcesByAttachment() {
    NetworkResources known = networkResources;
    // First the number, then the networks: what changes meanwhile makes this one outdated.
    int change = networkChanges.get();
    if (known.change() == change) {
      return known.byAttachment();
    }
    Map<String, String> resources = new HashMap<>();
    networks.get().forEach(network -> resources.put(network.attachment(), network.resource()));
    networkResources = new NetworkResources(change, resources);
    return resources;
  }

  private static Set<String> resources(BondNetwork bond, Map<String, String> byAttachment) {
    return bond.members().stream()
        .flatMap(member ->
            Optional.ofNullable(byAttachment.get(bond.namespace() + "/" + member.network()))
                .stream())
        .collect(Collectors.toSet());
  }
}
