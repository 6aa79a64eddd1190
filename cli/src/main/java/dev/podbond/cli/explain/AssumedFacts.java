package dev.podbond.cli.explain;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.value.InterfaceName;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A node on which nothing prevents a bond: the members that its configuration names exist and are
/// idle, with a carrier and a sufficient MTU, and each device is a VF of a different PF.
public final class AssumedFacts {
  private static final int MTU_BYTES = 1500;

  /// Locally administered and unicast: 02:00:00:00:00:01, ...
  private static final long FIRST_MAC = 0x0200_0000_0001L;

  private AssumedFacts() {}

  /// The facts.
  public static NodeFacts of(BondConfig config) {
    List<LinkFacts> links = new ArrayList<>();
    Map<PciAddress, VfFacts> vfs = new HashMap<>();
    int mtuBytes = mtuBytes(config.mtuBytes());
    for (int i = 0; i < config.members().size(); i++) {
      switch (config.members().get(i)) {
        case MemberSpec.Named named -> {
          Place place = config.linksInContainer() ? Place.POD : Place.HOST;
          // The sriov plugin leaves its interface in this state.
          boolean up = place == Place.POD;
          links.add(named(place, named.name(), i, mtuBytes, up));
        }
        case MemberSpec.Device device -> {
          LinkRef link = LinkRef.host("vf" + i);
          links.add(link(link, i, Set.of(), "", mtuBytes, false, Optional.of(device.pci())));
          vfs.put(device.pci(), vf(device.pci(), link, i, mtuBytes));
        }
      }
    }
    return new NodeFacts(links, vfs, Map.of());
  }

  /// The facts for a VLAN: its bond is in the pod, with a sufficient MTU.
  public static NodeFacts of(VlanConfig config) {
    LinkFacts bond =
        link(
            LinkRef.pod(config.bond()),
            0,
            Set.of(),
            "bond",
            mtuBytes(config.mtuBytes()),
            true,
            Optional.empty());
    return new NodeFacts(List.of(bond), Map.of(), Map.of());
  }

  /// The assumptions for a VLAN, as a sentence.
  public static String describe(VlanConfig config) {
    return "Assumed, as no pod was named: the bond "
        + config.bond()
        + " exists in the pod with MTU "
        + mtuBytes(config.mtuBytes())
        + "; name one with --pod or --netns to have it looked at.";
  }

  /// An MTU that is large enough for the requested one.
  private static int mtuBytes(OptionalInt wanted) {
    return Math.max(MTU_BYTES, wanted.orElse(MTU_BYTES));
  }

  /// The assumptions, as a sentence.
  public static String describe(BondConfig config) {
    List<String> members = config.members().stream().map(MemberSpec::label).toList();
    return "Assumed, as no pod was named: "
        + String.join(" and ", members)
        + " exist "
        + (config.linksInContainer() ? "in the pod" : "on the host")
        + " with MTU "
        + mtuBytes(config.mtuBytes())
        + " and a carrier; name one with --pod or --netns to have it looked at.";
  }

  /// A name that is too long for a link's own name can only be an alternative name.
  private static LinkFacts named(Place place, String name, int ordinal, int mtuBytes, boolean up) {
    return InterfaceName.isValid(name)
        ? link(new LinkRef(place, name), ordinal, Set.of(), "", mtuBytes, up, Optional.empty())
        : link(
            new LinkRef(place, "link" + ordinal),
            ordinal,
            Set.of(name),
            "",
            mtuBytes,
            up,
            Optional.empty());
  }

  private static LinkFacts link(
      LinkRef ref,
      int ordinal,
      Set<String> altNames,
      String kind,
      int mtuBytes,
      boolean up,
      Optional<PciAddress> pci) {
    return new LinkFacts(
        ref,
        100 + ordinal,
        altNames,
        kind,
        LinkFacts.Type.ETHERNET,
        Optional.of(new MacAddress(FIRST_MAC + ordinal)),
        mtuBytes,
        up,
        true,
        Optional.empty(),
        pci,
        Optional.empty(),
        List.of(),
        LinkTuning.UNKNOWN);
  }

  private static VfFacts vf(PciAddress pci, LinkRef link, int ordinal, int mtuBytes) {
    PciAddress pfPci = new PciAddress(pci.domain(), pci.bus(), 0, 0);
    String pf = "pf" + ordinal;
    return new VfFacts(
        new VfRef(pf, 0, pci),
        new PfFacts(pf, pfPci, true, true, mtuBytes, Optional.empty()),
        VfSettings.NONE,
        Optional.of("vf-driver"),
        Optional.of(link));
  }
}
