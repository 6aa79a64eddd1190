package dev.podbond.bonding.demotion;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;

/// A bond in a model of the kernel whose members are on some PFs, and what was written down of its
/// demotions.
final class DemotedBond {
  static final LinkRef BOND = LinkRef.pod("bond0");
  private static final AttachmentKey KEY = new AttachmentKey("c1", "net9");
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private static final String MAC = "(\\p{XDigit}{2}:){5}\\p{XDigit}{2}";
  private static final String NOTHING = "(?!)";

  final KernelModel kernel = new KernelModel();
  final List<ConfiguredMember> members = new ArrayList<>();
  Optional<Demotion> written = Optional.empty();

  static PciAddress pf(int number) {
    return new PciAddress(0, number + 1, 0, 0);
  }

  static String name(int number) {
    return "net" + number;
  }

  static DemotedBond of(BondMode mode, int count) {
    return of(mode, count, Map.of());
  }

  /// Members net0, net1 and so on, each on a PF of its own.
  static DemotedBond of(BondMode mode, int count, Map<BondOption, OptionValue> options) {
    DemotedBond bond = new DemotedBond();
    BondOptions all = options(mode);
    for (Map.Entry<BondOption, OptionValue> option : options.entrySet()) {
      all = all.with(option.getKey(), option.getValue());
    }
    bond.apply(new Change.CreateBond(BOND, all, Optional.empty(), OptionalInt.empty()));
    bond.apply(new Change.SetAdminState(BOND, true));
    for (int i = 0; i < count; i++) {
      bond.member(i, i);
    }
    return bond;
  }

  static BondOptions options(BondMode mode) {
    return new BondOptions(Map.of(BondOption.MODE, new OptionValue.Number(mode.number())))
        .with(BondOption.MIIMON, new OptionValue.Number(100));
  }

  /// A bond of any kind, with members on two or three PFs.
  static DemotedBond random(Random random, BondMode mode) {
    boolean hasActive =
        switch (mode) {
          case ACTIVE_BACKUP, BALANCE_TLB, BALANCE_ALB -> true;
          case BALANCE_RR, BALANCE_XOR, BROADCAST, LACP -> false;
        };
    int count = 2 + random.nextInt(3);
    Map<BondOption, OptionValue> options = new EnumMap<>(BondOption.class);
    if (hasActive) {
      options.put(BondOption.PRIMARY_RESELECT, new OptionValue.Number(random.nextInt(3)));
      if (random.nextBoolean()) {
        options.put(BondOption.PRIMARY, new OptionValue.MemberName(name(random.nextInt(count))));
      }
    }
    DemotedBond bond = of(mode, 0, options);
    for (int i = 0; i < count; i++) {
      bond.member(i, random.nextInt(3));
      OptionalInt priority =
          hasActive && random.nextBoolean()
              ? OptionalInt.of(10 * random.nextInt(-3, 4))
              : OptionalInt.empty();
      OptionalInt queue = random.nextBoolean() ? OptionalInt.of(i + 1) : OptionalInt.empty();
      if (priority.isPresent() || queue.isPresent()) {
        bond.apply(new Change.SetMemberOptions(LinkRef.pod(name(i)), priority, queue));
      }
    }
    return bond;
  }

  private void member(int number, int onPf) {
    LinkRef link = LinkRef.pod(name(number));
    kernel.addLink(link, "", new MacAddress(0x02_00_00_00_00_10L + number), 1500, false);
    apply(new Change.Enslave(link, BOND));
    members.add(
        new ConfiguredMember(
            name(number),
            Optional.empty(),
            Optional.of(new Pf("pf" + onPf, Optional.of(pf(onPf)))),
            Optional.empty()));
  }

  void apply(Change change) {
    try {
      kernel.apply(change);
    } catch (ChangeFailedException failure) {
      throw new AssertionError(failure);
    }
  }

  BondUse use() {
    return BondUse.of(KEY, BOND.name(), members, kernel.facts());
  }

  Decision decide(Map<PciAddress, Reading> verdicts) {
    return Demotions.decide(use(), verdicts, written, UplinkAction.DEMOTE, true, NOW);
  }

  /// Carries out what is decided until nothing more is.
  ///
  /// @return how many decisions that took
  int settle(Map<PciAddress, Reading> verdicts) {
    for (int decisions = 0; decisions < 10; decisions++) {
      Decision decision = decide(verdicts);
      if (decision instanceof Decision.Leave) {
        return decisions;
      }
      carryOut(decision, kernel);
    }
    throw new AssertionError("no end: " + decide(verdicts));
  }

  /// As an agent does: what demotes is written down first, and what is restored is forgotten last.
  void carryOut(Decision decision, Kernel through) {
    switch (decision) {
      case Decision.Leave() -> {}
      case Decision.Forget() -> written = Optional.empty();
      case Decision.Demote(Demotion next, Plan plan) -> {
        written = Optional.of(next);
        run(plan, through);
      }
      case Decision.Restore(Optional<Demotion> left, Plan plan) -> {
        run(plan, through);
        written = left;
      }
    }
  }

  private static void run(Plan plan, Kernel through) {
    try {
      new Execution(through).run(plan);
    } catch (ChangeFailedException failure) {
      throw new AssertionError(failure);
    }
  }

  void restore(Kernel through) {
    carryOut(Demotions.restore(use(), written), through);
  }

  LinkFacts link(String name) {
    return kernel.facts().link(Place.POD, name).orElseThrow();
  }

  boolean isIn(int number) {
    return link(name(number)).member().isPresent();
  }

  int priority(int number) {
    return link(name(number)).member().orElseThrow().priority().orElseThrow();
  }

  String active() {
    return use().active().orElse("none");
  }

  /// Which members could carry traffic: up, in the bond, and not known to be bad.
  List<String> usable(Map<PciAddress, Reading> verdicts) {
    BondUse use = use();
    return use.members().stream()
        .filter(use::isUp)
        .filter(member ->
            !verdicts
                .getOrDefault(member.member().pf().flatMap(Pf::pci).orElseThrow(), Reading.good())
                .isBad())
        .map(member -> member.member().name())
        .toList();
  }

  /// Everything that a demotion may touch, but for the member that happens to be active, and the
  /// MACs that go with it in some modes.
  String configured() {
    BondUse use = use();
    return use.members().stream()
            .map(member ->
                member.member().name()
                    + " "
                    + use.inBond(member)
                        .map(in -> "prio " + in.priority() + " queue " + in.queueId())
                        .orElse("outside"))
            .collect(Collectors.joining("\n"))
        + "\nprimary "
        + use.primary().orElse("none")
        + "\n"
        + String.join("\n", kernel.state())
            .replaceAll(use.active().isPresent() ? MAC : NOTHING, "");
  }
}
