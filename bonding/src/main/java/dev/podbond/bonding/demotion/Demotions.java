package dev.podbond.bonding.demotion;

import dev.podbond.bonding.change.Change.Enslave;
import dev.podbond.bonding.change.Change.Release;
import dev.podbond.bonding.change.Change.SetActiveMember;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMemberOptions;
import dev.podbond.bonding.change.Change.SetPrimary;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.demotion.BondUse.MemberUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.value.PciAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Decides for each bond which of its members leave a bad path, and when they come back.
///
/// A bond never loses its last usable path: what is not known to be bad is usable, and if all that
/// is left is bad, then the bond keeps all of it, since a path that works in part is better than
/// none. Whatever the pod or its owner changes meanwhile is theirs: only what still is as it was
/// set here is set back.
public final class Demotions {
  private final BondUse use;
  private final Map<PciAddress, Reading> verdicts;
  private final Optional<Demotion> known;

  private Demotions(BondUse use, Map<PciAddress, Reading> verdicts, Optional<Demotion> known) {
    this.use = use;
    this.verdicts = verdicts;
    this.known = known;
  }

  /// What is to be done about a bond. Carried out, it makes the next decision another one: one
  /// decision is one step, and coming back goes first.
  ///
  /// @param verdicts on the uplinks of PFs, by their addresses
  /// @param known what was written down about it
  /// @param mayDemote false in a storm, and once as many bonds were changed as may be at once
  /// @param at the time, to be written down
  public static Decision decide(
      BondUse use,
      Map<PciAddress, Reading> verdicts,
      Optional<Demotion> known,
      UplinkAction action,
      boolean mayDemote,
      Instant at) {
    Demotions demotions = new Demotions(use, verdicts, known);
    if (use.bond().isEmpty() || use.mode().isEmpty()) {
      return known.isPresent() ? new Decision.Forget() : new Decision.Leave();
    }
    Optional<Decision> back = demotions.back(action);
    if (back.isPresent()) {
      return back.get();
    }
    return mayDemote && action.demotes()
        ? demotions.leave(use.mode().get(), at)
        : new Decision.Leave();
  }

  /// Everybody comes back: the agent starts or ends, or is told to observe alone.
  public static Decision restore(BondUse use, Optional<Demotion> known) {
    return decide(use, Map.of(), known, UplinkAction.OFF, false, Instant.EPOCH);
  }

  private Optional<Decision> back(UplinkAction action) {
    if (known.isEmpty()) {
      return Optional.empty();
    }
    boolean isLastPath = rest().isEmpty();
    Optional<Demotion> left =
        known
            .get()
            .only(held ->
                isWaiting(held)
                    || (action.demotes()
                        && isBad(held.pf())
                        && member(held).isPresent()
                        && !(isLastPath && held.held() instanceof Held.Outside)));
    if (left.equals(known)) {
      return Optional.empty();
    }
    List<Step> steps = new ArrayList<>();
    known.get().members().stream()
        .filter(held -> left.stream().noneMatch(some -> some.members().contains(held)))
        .forEach(held -> member(held).ifPresent(member -> back(steps, held.held(), member)));
    return Optional.of(new Decision.Restore(left, new Plan(steps)));
  }

  /// Whether the bond needs its primary again, and there is no interface yet that could be it.
  private boolean isWaiting(HeldMember held) {
    return held.held() instanceof Held.Lowered(OptionalInt _, OptionalInt _, boolean wasPrimary)
        && wasPrimary
        && use.primary().isEmpty()
        && member(held).filter(member -> member.link().isEmpty()).isPresent();
  }

  private void back(List<Step> steps, Held held, MemberUse member) {
    if (member.link().isEmpty()) {
      return;
    }
    LinkRef link = member.link().get().ref();
    Optional<MemberFacts> now = use.inBond(member);
    switch (held) {
      case Held.Lowered(OptionalInt before, OptionalInt lowered, boolean wasPrimary) -> {
        if (now.isPresent() && lowered.isPresent() && now.get().priority().equals(lowered)) {
          steps.add(priority(link, before, lowered));
        }
        // The kernel keeps the name of one that is in no bond until it comes back.
        if (wasPrimary && use.primary().isEmpty()) {
          steps.add(
              Step.of(
                  new SetPrimary(bond().ref(), Optional.of(link.name())),
                  new SetPrimary(bond().ref(), Optional.empty())));
        }
      }
      case Held.Outside(OptionalInt queueId, OptionalInt priority) -> {
        boolean isElsewhere = now.isEmpty() && member.link().get().member().isPresent();
        if (isElsewhere) {
          // Somebody who put it into another bond meant to.
          return;
        }
        if (now.isEmpty()) {
          if (member.link().get().up()) {
            steps.add(Step.of(new SetAdminState(link, false), new SetAdminState(link, true)));
          }
          steps.add(Step.of(new Enslave(link, bond().ref()), new Release(link, bond().ref())));
        }
        OptionalInt queue = unless(now.map(MemberFacts::queueId), queueId);
        OptionalInt rank = unless(now.map(MemberFacts::priority), priority);
        if (queue.isPresent() || rank.isPresent()) {
          steps.add(Step.of(new SetMemberOptions(link, rank, queue)));
        }
      }
    }
  }

  /// What is to be set because joining a bond has forgotten it; empty if it has another value than
  /// the kernel's own by now, or had that.
  private static OptionalInt unless(Optional<OptionalInt> now, OptionalInt before) {
    return now.orElse(OptionalInt.empty()).orElse(0) == 0 && before.orElse(0) != 0
        ? before
        : OptionalInt.empty();
  }

  private Decision leave(BondMode mode, Instant at) {
    List<MemberUse> rest = rest();
    List<MemberUse> leaving =
        use.members().stream()
            .filter(member -> use.inBond(member).isPresent())
            .filter(member -> pf(member).filter(this::isBad).isPresent())
            .filter(member -> held(member).isEmpty())
            .toList();
    if (rest.isEmpty()) {
      return new Decision.Leave();
    }
    return switch (mode) {
      // The pod's own LACP sees what the host's sees.
      case LACP -> new Decision.Leave();
      case ACTIVE_BACKUP -> lower(leaving, rest, at);
      // The last two know an active member, and send by all of them.
      case BALANCE_RR, BALANCE_XOR, BROADCAST, BALANCE_TLB, BALANCE_ALB -> release(leaving, at);
    };
  }

  /// The lowest priority makes a member the last that the kernel chooses, and stays so whatever
  /// happens to links; to set the active member alone would be undone by the next such event.
  private Decision lower(List<MemberUse> leaving, List<MemberUse> rest, Instant at) {
    List<Step> steps = new ArrayList<>();
    Optional<Demotion> next = known;
    OptionalInt least = leastPriority(leaving);
    for (MemberUse member : leaving) {
      LinkRef link = member.link().orElseThrow().ref();
      OptionalInt before = use.inBond(member).orElseThrow().priority();
      OptionalInt lowered =
          before.isPresent() && least.isPresent() && before.getAsInt() >= least.getAsInt()
              ? OptionalInt.of(below(least.getAsInt()))
              : OptionalInt.empty();
      boolean isPrimary = use.primary().equals(Optional.of(link.name()));
      if (lowered.isPresent() && !lowered.equals(before)) {
        steps.add(priority(link, lowered, before));
      }
      if (isPrimary) {
        steps.add(
            Step.of(
                new SetPrimary(bond().ref(), Optional.empty()),
                new SetPrimary(bond().ref(), use.primary())));
      }
      next = next(next, member, new Held.Lowered(before, lowered, isPrimary), at);
    }
    if (next.isEmpty()) {
      // Somebody takes the active member out of the bond just now.
      return new Decision.Leave();
    }
    steer(rest, leaving).ifPresent(steps::add);
    return steps.isEmpty() && next.equals(known)
        ? new Decision.Leave()
        : new Decision.Demote(next.get(), new Plan(steps));
  }

  /// The least priority of those that stay, or are demoted already.
  private OptionalInt leastPriority(List<MemberUse> leaving) {
    return use.members().stream()
        .filter(member -> !leaving.contains(member))
        .flatMap(member -> use.inBond(member).stream())
        .flatMapToInt(facts -> facts.priority().stream())
        .min();
  }

  /// Below the least that there is nothing: then the active member alone is set.
  private static int below(int priority) {
    return priority == Integer.MIN_VALUE ? priority : priority - 1;
  }

  /// Moves the traffic if a bad member has it: the kernel may leave it there by `primary_reselect`.
  /// Where somebody has made the bad one the primary meanwhile, it is meant to have it.
  ///
  /// @param leaving those that are demoted in this step, and no primary afterwards
  private Optional<Step> steer(List<MemberUse> rest, List<MemberUse> leaving) {
    Optional<String> active = use.active();
    if (active.isEmpty() || isAmong(rest, active.get()) || !isAmong(use.members(), active.get())) {
      // Whoever put another link into the bond may send through it.
      return Optional.empty();
    }
    if (use.members().stream()
        .filter(member -> isNamed(member, active.get()))
        .noneMatch(member -> pf(member).filter(this::isBad).isPresent())) {
      // It has lost its link alone, which the kernel sees to in its own time.
      return Optional.empty();
    }
    if (use.primary().equals(active) && !isAmong(leaving, active.get())) {
      return Optional.empty();
    }
    String best =
        rest.stream()
            .filter(member -> use.primary().filter(name -> isNamed(member, name)).isPresent())
            .findFirst()
            .or(() -> rest.stream().max(Comparator.comparingInt(this::priority)))
            .flatMap(MemberUse::link)
            .map(LinkFacts::name)
            .orElseThrow();
    return Optional.of(
        Step.of(
            new SetActiveMember(bond().ref(), best),
            new SetActiveMember(bond().ref(), active.get())));
  }

  private static boolean isAmong(List<MemberUse> members, String name) {
    return members.stream().anyMatch(member -> isNamed(member, name));
  }

  private static boolean isNamed(MemberUse member, String name) {
    return member.link().filter(link -> link.name().equals(name)).isPresent();
  }

  private int priority(MemberUse member) {
    return use.inBond(member).map(MemberFacts::priority).orElse(OptionalInt.empty()).orElse(0);
  }

  private Decision release(List<MemberUse> leaving, Instant at) {
    List<Step> steps = new ArrayList<>();
    Optional<Demotion> next = known;
    for (MemberUse member : leaving) {
      LinkRef link = member.link().orElseThrow().ref();
      MemberFacts in = use.inBond(member).orElseThrow();
      steps.add(Step.of(new Release(link, bond().ref()), new Enslave(link, bond().ref())));
      next = next(next, member, new Held.Outside(in.queueId(), ranked(in)), at);
    }
    return steps.isEmpty()
        ? new Decision.Leave()
        : new Decision.Demote(next.orElseThrow(), new Plan(steps));
  }

  /// Its priority, if it is not the kernel's default: the modes without one need no such word in
  /// their record.
  private static OptionalInt ranked(MemberFacts in) {
    return in.priority().orElse(0) != 0 ? in.priority() : OptionalInt.empty();
  }

  private Optional<Demotion> next(
      Optional<Demotion> before, MemberUse member, Held held, Instant at) {
    ConfiguredMember made = member.member();
    PciAddress pf = pf(member).orElseThrow();
    String why = verdicts.get(pf) instanceof Reading.Bad(String bad) ? bad : "";
    return Optional.of(
        before
            .orElse(new Demotion(use.key(), List.of()))
            .with(new HeldMember(made.name(), made.pci(), pf, why, at, held)));
  }

  private static Step priority(LinkRef member, OptionalInt to, OptionalInt from) {
    return Step.of(
        new SetMemberOptions(member, to, OptionalInt.empty()),
        new SetMemberOptions(member, from, OptionalInt.empty()));
  }

  /// The members in the bond that it can use: they are up, and not known to be bad.
  private List<MemberUse> rest() {
    return use.members().stream()
        .filter(use::isUp)
        .filter(member -> pf(member).filter(this::isBad).isEmpty())
        .toList();
  }

  private boolean isBad(PciAddress pf) {
    return Optional.ofNullable(verdicts.get(pf)).filter(Reading::isBad).isPresent();
  }

  private Optional<HeldMember> held(MemberUse member) {
    return known.stream()
        .flatMap(demotion -> demotion.members().stream())
        .filter(held -> held.is(member.member()))
        .findFirst();
  }

  private Optional<MemberUse> member(HeldMember held) {
    return use.members().stream().filter(member -> held.is(member.member())).findFirst();
  }

  private static Optional<PciAddress> pf(MemberUse member) {
    return member.member().pf().flatMap(Pf::pci);
  }

  private LinkFacts bond() {
    return use.bond().orElseThrow();
  }
}
