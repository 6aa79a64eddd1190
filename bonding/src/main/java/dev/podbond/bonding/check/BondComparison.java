package dev.podbond.bonding.check;

import dev.podbond.bonding.check.Expectation.ExpectedBond;
import dev.podbond.bonding.check.Expectation.ExpectedMember;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.state.BondProblem;
import dev.podbond.bonding.state.BondState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Compares one bond with its members.
final class BondComparison {
  private BondComparison() {}

  static void compare(ExpectedBond expected, NodeFacts facts, Differences found) {
    LinkRef ref = LinkRef.pod(expected.names().name());
    Optional<LinkFacts> present = Comparison.link(facts, ref);
    if (present.isEmpty() || !present.get().kind().equals("bond")) {
      found.add(ref, "interface", "a bond", present.isEmpty() ? "nothing" : "another kind");
      return;
    }
    LinkFacts bond = present.get();
    expected
        .names()
        .altName()
        .filter(name -> !bond.altNames().contains(name))
        .ifPresent(name -> found.add(ref, "alternative name", name, bond.altNames().toString()));
    if (!bond.up()) {
      found.add(ref, "state", "up", "down");
    }
    int mtuBytes = expected.mtuBytes().orElse(bond.mtuBytes());
    if (bond.mtuBytes() != mtuBytes) {
      found.add(ref, "MTU", "" + mtuBytes, "" + bond.mtuBytes());
    }
    compareOptions(expected.options(), bond, found);
    List<LinkFacts> members = compareMembers(expected, bond, facts, found);
    MacRule.of(expected.mode(), bond.bond().orElse(new BondOptions(Map.of())))
        .compare(expected.mac(), bond, members, found);
    expected
        .vlan()
        .ifPresent(
            name -> Comparison.compareVlan(LinkRef.pod(name), OptionalInt.empty(), facts, found));
  }

  /// Compares the requested options with those that the kernel reports. If it does not report an
  /// option at all, the kernel is too old to know it and ignored it silently.
  private static void compareOptions(BondOptions asked, LinkFacts bond, Differences found) {
    BondOptions reported = bond.bond().orElse(new BondOptions(Map.of()));
    asked
        .values()
        .forEach((option, value) -> {
          if (option == BondOption.ACTIVE_SLAVE) {
            return;
          }
          OptionValue expected = rounded(option, value, asked);
          Optional<OptionValue> now = reported.get(option);
          if (!now.equals(Optional.of(expected))) {
            found.add(
                bond.ref(),
                "option " + option.key(),
                option.show(expected),
                now.map(option::show).orElseGet(() -> absence(option.sinceKernel())));
          }
        });
  }

  /// Delays as the kernel keeps them: it rounds them down to a multiple of miimon
  /// (`_bond_option_delay_set`).
  private static OptionValue rounded(BondOption option, OptionValue value, BondOptions asked) {
    boolean isDelay =
        option == BondOption.UPDELAY
            || option == BondOption.DOWNDELAY
            || option == BondOption.PEER_NOTIF_DELAY;
    if (isDelay
        && value instanceof OptionValue.Number(long delay)
        && asked.get(BondOption.MIIMON).orElse(value) instanceof OptionValue.Number(long miimon)
        && miimon > 0) {
      return new OptionValue.Number(delay / miimon * miimon);
    }
    return value;
  }

  private static List<LinkFacts> compareMembers(
      ExpectedBond expected, LinkFacts bond, NodeFacts facts, Differences found) {
    for (ExpectedMember member : expected.members()) {
      LinkRef ref = LinkRef.pod(member.name());
      Optional<LinkFacts> link = Comparison.link(facts, ref);
      Optional<MemberFacts> state = link.flatMap(LinkFacts::member);
      boolean isIn = state.filter(in -> in.bond().equals(bond.name())).isPresent();
      if (!isIn && expected.outside().contains(member.name())) {
        continue;
      }
      if (!isIn) {
        found.add(
            ref,
            "master",
            bond.name(),
            link.isEmpty() ? "no such interface" : state.map(MemberFacts::bond).orElse("none"));
        continue;
      }
      if (!link.get().up()) {
        found.add(ref, "state", "up", "down");
      }
      int mtuBytes = expected.mtuBytes().orElse(bond.mtuBytes());
      if (link.get().mtuBytes() != mtuBytes) {
        found.add(ref, "MTU", "" + mtuBytes, "" + link.get().mtuBytes());
      }
      compareOption(ref, "prio", member.options().priority(), state.get().priority(), found);
      compareOption(ref, "queue id", member.options().queueId(), state.get().queueId(), found);
    }
    List<LinkFacts> members = members(bond, facts);
    members.stream()
        .filter(link -> expected.members().stream().noneMatch(m -> m.name().equals(link.name())))
        .forEach(link -> found.add(link.ref(), "master", "none", bond.name()));
    return members;
  }

  private static void compareOption(
      LinkRef member, String name, OptionalInt asked, OptionalInt now, Differences found) {
    if (asked.isPresent() && !asked.equals(now)) {
      found.add(
          member,
          name,
          "" + asked.getAsInt(),
          now.isPresent() ? "" + now.getAsInt() : absence(Optional.empty()));
    }
  }

  /// @param since the first kernel that knows what is absent
  private static String absence(Optional<String> since) {
    return "nothing: this kernel ignored it"
        + since.map(version -> " (Linux has it from " + version + " on)").orElse("")
        + " or does not report it";
  }

  private static List<LinkFacts> members(LinkFacts bond, NodeFacts facts) {
    return facts.links().stream()
        .filter(link -> link.ref().place() == Place.POD)
        .filter(link -> link.member().filter(m -> m.bond().equals(bond.name())).isPresent())
        .toList();
  }

  static boolean isLinkUp(LinkFacts link) {
    return link.member().filter(MemberFacts::miiUp).isPresent();
  }

  private static void degradation(LinkFacts bond, BondProblem problem, Differences found) {
    switch (problem) {
      case BondProblem.NoCarrier _ -> found.add(bond.ref(), "carrier", "there", "none");
      case BondProblem.MemberDown(String member, boolean heldDown) ->
          found.add(LinkRef.pod(member), "carrier", "there", heldDown ? "held down" : "none");
      case BondProblem.OutsideAggregator(String member) ->
          found.add(LinkRef.pod(member), "LACP", "in the active aggregator", "outside it");
      // Answers in its own time.
      case BondProblem.NoLacpPartner _ -> {}
      // The agent has done it, and tells of it.
      case BondProblem.HeldBack _ -> {}
      // Are differences.
      case BondProblem.MembersMissing _ -> {}
      case BondProblem.DuplicateAddress _ -> {}
    }
  }

  static void degradations(ExpectedBond expected, NodeFacts facts, Differences found) {
    Optional<LinkFacts> bond = Comparison.link(facts, LinkRef.pod(expected.names().name()));
    if (bond.isEmpty()) {
      return;
    }
    BondState.of(bond.get(), facts.links(), List.of())
        .map(state -> state.problems(List.of()))
        .orElse(List.of())
        .forEach(problem -> degradation(bond.get(), problem, found));
  }
}
