package dev.podbond.bonding.state;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// The state of one member of a bond.
///
/// @param carrier whether it has a carrier itself
/// @param miiUp whether the bond's link monitoring considers it up
/// @param active whether it carries traffic (state active, not backup)
/// @param failures how often it went down
/// @param pci the PCI function behind it, whatever its name is
public record MemberState(
    String name,
    boolean carrier,
    boolean miiUp,
    boolean active,
    int failures,
    Optional<PciAddress> pci) {
  /// A member without hardware.
  public MemberState(String name, boolean carrier, boolean miiUp, boolean active, int failures) {
    this(name, carrier, miiUp, active, failures, Optional.empty());
  }

  static MemberState of(LinkFacts link, MemberFacts member) {
    return new MemberState(
        link.name(),
        link.carrier(),
        member.miiUp(),
        member.active(),
        member.linkFailures(),
        link.pci());
  }

  /// Whether the bond can use it.
  public boolean isUp() {
    return carrier && miiUp;
  }

  @Override
  public String toString() {
    return name + (isUp() ? " up" : " down");
  }
}
