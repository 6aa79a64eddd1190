package dev.podbond.bonding.demotion;

import static dev.podbond.bonding.demotion.DemotedBond.BOND;
import static dev.podbond.bonding.demotion.DemotedBond.name;
import static dev.podbond.bonding.demotion.DemotedBond.pf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.model.FaultyKernel;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.value.PciAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// No bond loses its last usable path, and each is again what it was, whatever happens meanwhile:
/// properties of random bonds, each named by its seed.
final class DemotionLifeTest {
  private static final long[] SEEDS = RandomWorlds.seeds(150);
  private static final Reading BAD = new Reading.Bad("the partner is expired");

  private static BondMode mode(long seed) {
    return BondMode.values()[(int) (seed % BondMode.values().length)];
  }

  private static DemotedBond bond(long seed) {
    return DemotedBond.random(new Random(seed), mode(seed));
  }

  private static Map<PciAddress, Reading> verdicts(Random random) {
    Map<PciAddress, Reading> verdicts = new HashMap<>();
    for (int pf = 0; pf < 3; pf++) {
      int drawn = random.nextInt(4);
      if (drawn < 3) {
        verdicts.put(
            pf(pf),
            drawn == 0 ? Reading.good() : drawn == 1 ? BAD : new Reading.Unknown("not read"));
      }
    }
    return verdicts;
  }

  private static void flap(DemotedBond bond, Random random) {
    bond.members.forEach(member -> {
      if (random.nextInt(3) == 0) {
        bond.kernel.setCarrier(LinkRef.pod(member.name()), random.nextBoolean());
      }
    });
  }

  private static void plugAll(DemotedBond bond) {
    bond.members.forEach(member -> bond.kernel.setCarrier(LinkRef.pod(member.name()), true));
  }

  @Test
  void aBondNeverLosesItsLastUsablePath() {
    for (long seed : SEEDS) {
      Random random = new Random(seed);
      DemotedBond bond = DemotedBond.random(random, mode(seed));
      for (int look = 0; look < 40; look++) {
        flap(bond, random);
        Map<PciAddress, Reading> verdicts = verdicts(random);
        String name = "seed " + seed + ", look " + look + ", " + verdicts;
        boolean carried = bond.link("bond0").carrier();
        for (int decisions = 0; ; decisions++) {
          List<String> before = bond.usable(verdicts);
          Decision decision = bond.decide(verdicts);
          if (decision instanceof Decision.Leave) {
            break;
          }
          assertThat(decisions).as(name).isLessThan(5);
          bond.carryOut(decision, bond.kernel);
          assertThat(bond.link("bond0").carrier() || !carried).as(name).isTrue();
          assertThat(bond.usable(verdicts)).as(name).containsAll(before);
        }
        List<String> usable = bond.usable(verdicts);
        if (!usable.isEmpty() && hasActive(mode(seed))) {
          assertThat(usable).as(name).contains(bond.active());
        }
      }
    }
  }

  /// Of the same bond twice one is demoted and restored, while the same happens to both.
  @Test
  void afterwardsItIsAsIfItHadNeverBeenDemotedWhateverItsOwnerSetMeanwhile() {
    for (long seed : SEEDS) {
      Random random = new Random(seed * 31 + 7);
      DemotedBond bond = bond(seed);
      DemotedBond twin = bond(seed);
      for (int look = 0; look < 20; look++) {
        bond.settle(verdicts(random));
        if (hasActive(mode(seed)) && random.nextInt(3) == 0) {
          Change change = change(random, bond);
          bond.apply(change);
          twin.apply(change);
        }
      }
      bond.settle(Map.of());
      assertThat(bond.written).as("seed %d", seed).isEmpty();
      assertThat(bond.configured()).as("seed %d", seed).isEqualTo(twin.configured());
    }
  }

  private static boolean hasActive(BondMode mode) {
    return BondOption.PRIMARY.modes().accepted().contains(mode);
  }

  /// Never a number that a demotion sets; one that is in no bond has no priority.
  private static Change change(Random random, DemotedBond bond) {
    int number = random.nextInt(bond.members.size());
    String member = name(number);
    return random.nextBoolean() || !bond.isIn(number)
        ? new Change.SetPrimary(BOND, Optional.of(member))
        : new Change.SetMemberOptions(
            LinkRef.pod(member),
            OptionalInt.of(1_000 + 10 * random.nextInt(100)),
            OptionalInt.empty());
  }

  private static int steps(Decision decision) {
    return switch (decision) {
      case Decision.Demote(Demotion _, Plan plan) -> plan.steps().size();
      case Decision.Restore(Optional<Demotion> _, Plan plan) -> plan.steps().size();
      case Decision.Leave(), Decision.Forget() -> 0;
    };
  }

  private static void killed(DemotedBond bond, Decision decision, int after) {
    try {
      bond.carryOut(decision, FaultyKernel.killedAfter(after, bond.kernel));
    } catch (FaultyKernel.Killed _) {
      // as meant
    }
  }

  @Test
  void anAgentThatIsKilledAtAnyStepRestoresAllAtItsNextStart() {
    for (long seed : SEEDS) {
      Map<PciAddress, Reading> verdicts = verdicts(new Random(seed));
      int demoting = steps(bond(seed).decide(verdicts));
      for (int killed = 0; killed <= demoting; killed++) {
        for (int again = 0; again <= 8; again++) {
          DemotedBond bond = bond(seed);
          String before = bond.configured();
          killed(bond, bond.decide(verdicts), killed);
          killed(bond, Demotions.restore(bond.use(), bond.written), again);
          bond.restore(bond.kernel);
          String name = "seed " + seed + ", killed after " + killed + ", then after " + again;
          assertThat(bond.configured()).as(name).isEqualTo(before);
          assertThat(bond.written).as(name).isEmpty();
        }
      }
    }
  }

  @Test
  void whatTheKernelRefusesHalfWayIsTakenBack() {
    for (long seed : SEEDS) {
      Map<PciAddress, Reading> verdicts = verdicts(new Random(seed));
      int demoting = steps(bond(seed).decide(verdicts));
      for (int failing = 0; failing < demoting; failing++) {
        DemotedBond bond = bond(seed);
        String before = bond.configured();
        if (bond.decide(verdicts) instanceof Decision.Demote(Demotion _, Plan plan)) {
          Execution execution = new Execution(FaultyKernel.failingAfter(failing, bond.kernel));
          assertThatThrownBy(() -> execution.run(plan)).isInstanceOf(ChangeFailedException.class);
          assertThat(execution.undo()).isEmpty();
        }
        // A release forgets the queue, which only the record knows.
        if (bond.written.isEmpty() && mode(seed) == BondMode.ACTIVE_BACKUP) {
          assertThat(bond.configured())
              .as("seed %d, failing change %d", seed, failing)
              .isEqualTo(before);
        }
      }
    }
  }

  @Test
  void worldsWithAnythingToDoAreAmongThese() {
    long demoting = 0;
    for (long seed : RandomWorlds.seeds(150)) {
      demoting += steps(bond(seed).decide(verdicts(new Random(seed)))) > 0 ? 1 : 0;
    }
    assertThat(SEEDS.length < 100 || demoting > 15).as("%d demote", demoting).isTrue();
  }
}
