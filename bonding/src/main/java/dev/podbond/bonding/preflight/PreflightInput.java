package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.facts.LinkFacts.Type.INFINIBAND;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.FailOverMac;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// The input of a bond's rules.
///
/// @param members in the order of the configuration
record PreflightInput(
    BondConfig config, BondNames names, NodeFacts facts, List<ResolvedMember> members) {
  static PreflightInput of(BondConfig config, BondNames names, NodeFacts facts) {
    List<ResolvedMember> members =
        config.members().stream().map(spec -> ResolvedMember.of(spec, config, facts)).toList();
    return new PreflightInput(config, names, facts, members);
  }

  BondMode mode() {
    return config.mode();
  }

  /// The bond for messages.
  String bond() {
    return "bond " + names.name();
  }

  Stream<ResolvedMember> vfs() {
    return members.stream().filter(member -> member.vf().isPresent());
  }

  static VfFacts vf(ResolvedMember member) {
    return member.vf().orElseThrow();
  }

  boolean isGiven(BondOption option) {
    return config.options().get(option).isPresent();
  }

  /// An option as a number; the kernel's default if the option is absent.
  long number(BondOption option) {
    return config.options().number(option);
  }

  /// Whether the bond leaves a dead link, or needs not to, as it sends through all.
  boolean isMonitored() {
    return number(BondOption.MIIMON) > 0
        || number(BondOption.ARP_INTERVAL) > 0
        || mode() == BondMode.BROADCAST;
  }

  /// The effective failOverMac: over InfiniBand it is always active in active-backup.
  FailOverMac failOverMac() {
    boolean infiniband = members.stream().anyMatch(member -> member.isOfType(INFINIBAND));
    return mode() == BondMode.ACTIVE_BACKUP && infiniband
        ? FailOverMac.ACTIVE
        : FailOverMac.of(mode(), config.options());
  }

  /// The bond's future MTU.
  OptionalInt mtuBytes() {
    return config.mtuBytes(
        members.stream().flatMap(member -> member.link().stream()).mapToInt(LinkFacts::mtuBytes));
  }
}
