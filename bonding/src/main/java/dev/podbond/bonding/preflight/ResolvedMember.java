package dev.podbond.bonding.preflight;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.net.Place;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import java.util.Optional;

/// A configured member with its observed facts.
///
/// @param link its network interface, if there is one
/// @param vf the VF behind it, if it is one
record ResolvedMember(MemberSpec spec, Optional<LinkFacts> link, Optional<VfFacts> vf)
    implements VfView {
  static ResolvedMember of(MemberSpec spec, BondConfig config, NodeFacts facts) {
    return switch (spec) {
      case MemberSpec.Named named -> {
        Optional<LinkFacts> link =
            facts.link(config.linksInContainer() ? Place.POD : Place.HOST, named.name());
        yield new ResolvedMember(spec, link, link.flatMap(facts::vfOf));
      }
      case MemberSpec.Device device ->
          new ResolvedMember(
              spec,
              facts.links().stream()
                  .filter(link -> link.pci().equals(Optional.of(device.pci())))
                  .findFirst(),
              facts.vf(device.pci()));
    };
  }

  /// The member in messages: its name, and the VF and PF behind it.
  String label() {
    return vf.isEmpty() ? spec.label() : nameBefore() + vf.get().ref();
  }

  private String nameBefore() {
    return spec.knownName().map(name -> name + ", ").orElse("");
  }

  /// Whether the link is in the pod already; otherwise it must first move there.
  boolean isInPod() {
    return link.filter(found -> found.ref().place() == Place.POD).isPresent();
  }

  /// The link's future name in the pod; empty if the planner chooses it.
  Optional<String> podName() {
    return switch (spec) {
      case MemberSpec.Named _ -> link.map(LinkFacts::name);
      case MemberSpec.Device device -> device.podName();
    };
  }

  boolean isOfType(LinkFacts.Type type) {
    return link.filter(found -> found.type() == type).isPresent();
  }

  /// The MAC it has when it becomes a member.
  Optional<MacAddress> ownMac() {
    return vfConfig().mac().or(() -> link.flatMap(LinkFacts::mac));
  }

  /// The MAC that its PF holds for it when it becomes a member; empty if that is not set or not
  /// known.
  Optional<MacAddress> adminMac() {
    return pfSide(VfSetting.ADMIN_MAC).filter(mac -> !mac.isZero());
  }

  @Override
  public Optional<Boolean> trust() {
    return pfSide(VfSetting.TRUST);
  }

  @Override
  public Optional<Boolean> spoofCheck() {
    return pfSide(VfSetting.SPOOF_CHECK);
  }

  @Override
  public Optional<VfLinkState> linkState() {
    return pfSide(VfSetting.LINK_STATE);
  }

  @Override
  public Optional<VfVlan> vlan() {
    return pfSide(VfSetting.VLAN);
  }

  VfConfig vfConfig() {
    return switch (spec) {
      case MemberSpec.Named _ -> VfConfig.NONE;
      case MemberSpec.Device device -> device.vf();
    };
  }

  /// The value to be set, otherwise the observed one.
  private <T> Optional<T> pfSide(VfSetting<T> setting) {
    return vfConfig()
        .settings()
        .get(setting)
        .or(() -> vf.flatMap(found -> found.pfSide().get(setting)));
  }
}
