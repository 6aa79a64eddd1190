package dev.podbond.bonding.state;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;

/// How one member of a bond is.
///
/// @param carrier whether its own link is there
/// @param miiUp whether the bond's link monitoring holds it up
/// @param active whether it carries traffic (state active, not backup)
/// @param failures how often it went down
public record MemberState(
    String name, boolean carrier, boolean miiUp, boolean active, int failures) {
  static MemberState of(LinkFacts link, MemberFacts member) {
    return new MemberState(
        link.name(), link.carrier(), member.miiUp(), member.active(), member.linkFailures());
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
