package dev.podbond.bonding.state;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A member that a bond was made with, as its record has it, and the hardware behind it.
///
/// @param name its name in the pod; that of a VF without an interface is its PCI address
/// @param pci the PCI function behind it; empty for a virtual link
/// @param pf the PF, if it is a VF and its PF is known
/// @param driver the kernel driver bound to its function, if known
/// @param place where its port is: that of its PF, or its own if it is a PF; empty if that is not
///   known
public record ConfiguredMember(
    String name,
    Optional<PciAddress> pci,
    Optional<Pf> pf,
    Optional<String> driver,
    Optional<PfPlace> place) {
  /// A member without a known place.
  public ConfiguredMember(
      String name, Optional<PciAddress> pci, Optional<Pf> pf, Optional<String> driver) {
    this(name, pci, pf, driver, Optional.empty());
  }

  /// The physical function that a VF belongs to: the port that both share.
  ///
  /// @param name its interface on the host; a record may have one from before a renaming
  /// @param pci its function; empty as long as only the record is known
  public record Pf(String name, Optional<PciAddress> pci) {
    @Override
    public String toString() {
      return "PF " + name + pci.map(address -> " (" + address + ")").orElse("");
    }
  }

  /// The members of an attachment that makes a bond: first the links that were there, then the VFs,
  /// each in the order of the configuration.
  public static List<ConfiguredMember> of(Attachment record) {
    return Stream.concat(
            record.members().stream().map(ConfiguredMember::of),
            record.vfs().stream().map(ConfiguredMember::of))
        .toList();
  }

  /// The member that a link became that was there.
  public static ConfiguredMember of(SavedLink link) {
    return new ConfiguredMember(link.podName(), link.pci(), Optional.empty(), Optional.empty());
  }

  /// The member that a VF became.
  public static ConfiguredMember of(SavedVf vf) {
    return new ConfiguredMember(
        vf.link().map(SavedLink::podName).orElseGet(() -> vf.pci().toString()),
        Optional.of(vf.pci()),
        Optional.of(new Pf(vf.vf().pf(), Optional.empty())),
        Optional.empty());
  }

  /// The member with what the node says of its hardware.
  public ConfiguredMember on(Optional<Pf> foundPf, Optional<String> foundDriver) {
    return new ConfiguredMember(
        name, pci, foundPf.or(() -> pf), foundDriver.or(() -> driver), place);
  }

  /// The member with the place of its port.
  public ConfiguredMember at(Optional<PfPlace> foundPlace) {
    return new ConfiguredMember(name, pci, pf, driver, foundPlace);
  }

  /// The member with what the port of its place is plugged into.
  ///
  /// @param cabling by PF, as far as it is known
  public ConfiguredMember plugged(Map<PciAddress, Cabling> cabling) {
    Optional<PfPlace> known =
        place.flatMap(
            at -> Optional.ofNullable(cabling.get(at.pci())).map(into -> at.plugged(into)));
    return known.isPresent() ? at(known) : this;
  }

  /// Whether this link in the bond is the member.
  boolean is(MemberState state) {
    boolean bothKnown = pci.isPresent() && state.pci().isPresent();
    return bothKnown ? pci.equals(state.pci()) : name.equals(state.name());
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("pci", pci, address -> new JsonString(address.toString()))
        .putIfPresent("pf", pf.map(Pf::name), JsonString::new)
        .putIfPresent("pfPci", pf.flatMap(Pf::pci), address -> new JsonString(address.toString()))
        .putIfPresent("driver", driver, JsonString::new)
        .build();
  }
}
