package dev.podbond.cli.explain;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.InterfaceName;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.MacAddress;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.bonding.net.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A node on which nothing stands in the way of a bond: the members that its configuration names
/// exist, idle and with a carrier, each device being a VF of a PF of its own.
public final class AssumedFacts {
  private static final int MTU_BYTES = 1500;

  /// Locally administered and unicast: 02:00:00:00:00:01, ...
  private static final long FIRST_MAC = 0x0200_0000_0001L;

  private AssumedFacts() {}

  /// The facts.
  public static NodeFacts of(BondConfig config) {
    List<LinkFacts> links = new ArrayList<>();
    Map<PciAddress, VfFacts> vfs = new HashMap<>();
    for (int i = 0; i < config.members().size(); i++) {
      switch (config.members().get(i)) {
        case MemberSpec.Named named -> {
          Place place = config.linksInContainer() ? Place.POD : Place.HOST;
          // As the sriov plugin leaves its interface.
          boolean up = place == Place.POD;
          links.add(named(place, named.name(), i, up));
        }
        case MemberSpec.Device device -> {
          LinkRef link = LinkRef.host("vf" + i);
          links.add(link(link, i, Set.of(), false, Optional.of(device.pci())));
          vfs.put(device.pci(), vf(device.pci(), link, i));
        }
      }
    }
    return new NodeFacts(links, vfs, Map.of());
  }

  /// What was assumed, as a sentence.
  public static String describe(BondConfig config) {
    List<String> members = config.members().stream().map(MemberSpec::label).toList();
    return "Assumed, as no pod was named: "
        + String.join(" and ", members)
        + " exist "
        + (config.linksInContainer() ? "in the pod" : "on the host")
        + " with MTU "
        + MTU_BYTES
        + " and a carrier; name one with --pod or --netns to have it looked at.";
  }

  /// What is too long for a link's name can only be another name of it.
  private static LinkFacts named(Place place, String name, int ordinal, boolean up) {
    return InterfaceName.isValid(name)
        ? link(new LinkRef(place, name), ordinal, Set.of(), up, Optional.empty())
        : link(new LinkRef(place, "link" + ordinal), ordinal, Set.of(name), up, Optional.empty());
  }

  private static LinkFacts link(
      LinkRef ref, int ordinal, Set<String> altNames, boolean up, Optional<PciAddress> pci) {
    return new LinkFacts(
        ref,
        100 + ordinal,
        altNames,
        "",
        LinkFacts.Type.ETHERNET,
        Optional.of(new MacAddress(FIRST_MAC + ordinal)),
        MTU_BYTES,
        up,
        true,
        Optional.empty(),
        pci,
        Optional.empty(),
        List.of(),
        LinkTuning.UNKNOWN);
  }

  private static VfFacts vf(PciAddress pci, LinkRef link, int ordinal) {
    PciAddress pfPci = new PciAddress(pci.domain(), pci.bus(), 0, 0);
    String pf = "pf" + ordinal;
    return new VfFacts(
        new VfRef(pf, 0, pci),
        new PfFacts(pf, pfPci, true, true, MTU_BYTES, Optional.empty()),
        VfSettings.NONE,
        Optional.of("vf-driver"),
        Optional.of(link));
  }
}
