package dev.podbond.cli.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cli.bond.KnownUpstream;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeImpactTest {
  private static final String A = "ens1f0 0000:3b:00.0";
  private static final String B = "ens2f0 0000:5e:00.0";
  private static final Outage LOSS_OF_A =
      new Outage(List.of(new KnownPf("ens1f0", "0000:3b:00.0")));

  private static KnownBond bond(String mode, String active, Health health, String... members) {
    return KnownBond.of(SomeBonds.said("demo/web", mode, active, health, members));
  }

  private static Fate fate(KnownBond bond) {
    return Impact.of(bond, LOSS_OF_A, _ -> false).orElseThrow().fate();
  }

  private static NodeImpact impact(List<KnownBond> bonds, KnownUpstream... upstreams) {
    return NodeImpact.of(new KnownBonds(bonds, List.of(upstreams), List.of(), false), LOSS_OF_A);
  }

  @ParameterizedTest
  @CsvSource({
    "active-backup, net1, FAILS_OVER",
    "active-backup, net2, LOSES_REDUNDANCY",
    "active-backup, '', FAILS_OVER",
    "balance-tlb, net1, FAILS_OVER",
    "balance-tlb, net2, LOSES_CAPACITY",
    "balance-alb, net1, FAILS_OVER",
    "balance-alb, net2, LOSES_CAPACITY",
    "802.3ad, '', LOSES_CAPACITY",
    "balance-xor, '', LOSES_CAPACITY",
    "balance-rr, '', LOSES_CAPACITY",
    "broadcast, '', LOSES_REDUNDANCY",
    "of-another-release, '', LOSES_CAPACITY"
  })
  void whatIsLostDependsOnTheMode(String mode, String active, Fate fate) {
    assertThat(fate(bond(mode, active, Health.HEALTHY, "net1 up " + A, "net2 up " + B)))
        .isEqualTo(fate);
  }

  @ParameterizedTest
  @CsvSource({"active-backup, net1", "802.3ad, ''", "broadcast, ''", "balance-alb, net1"})
  void withoutAnotherMemberThatIsUpABondGoesDown(String mode, String active) {
    for (String other : List.of("net2 down " + B, "net2 missing " + B, "net2 up " + A)) {
      assertThat(fate(bond(mode, active, Health.DEGRADED, "net1 up " + A, other)))
          .as(other)
          .isEqualTo(Fate.DOWN);
    }
  }

  @Test
  void whatIsDownAlreadyIsNotLostAgain() {
    assertThat(
            fate(bond("active-backup", "net2", Health.DEGRADED, "net1 down " + A, "net2 up " + B)))
        .isEqualTo(Fate.UNCHANGED);
    assertThat(fate(bond("active-backup", "", Health.DOWN, "net1 down " + A, "net2 down " + B)))
        .isEqualTo(Fate.DOWN_ALREADY);
  }

  @Test
  void aBondElsewhereIsNotConcerned() {
    assertThat(
            Impact.of(
                bond("802.3ad", "", Health.HEALTHY, "net1 up " + B, "net2 up " + B),
                LOSS_OF_A,
                _ -> true))
        .isEmpty();
  }

  @Test
  void aMemberOfAPfThatNobodyKnowsStaysAndIsNamed() {
    KnownBond bond = bond("active-backup", "net1", Health.HEALTHY, "net1 up " + A, "net2 up");
    NodeImpact impact = impact(List.of(bond));

    assertThat(impact.impacts().getFirst().fate()).isEqualTo(Fate.FAILS_OVER);
    assertThat(impact.impacts().getFirst().left()).containsExactly("net2");
    assertThat(impact.unplaced()).containsExactly("net2 of bond0 of demo/web");
  }

  @Test
  void theSummaryIsOneSentenceAndTheWorstComesFirst() {
    List<KnownBond> bonds =
        List.of(
            bond("active-backup", "net1", Health.HEALTHY, "net1 up " + A, "net2 up " + B),
            bond("active-backup", "net2", Health.HEALTHY, "net1 up " + A, "net2 up " + B),
            bond("active-backup", "net1", Health.DEGRADED, "net1 up " + A, "net2 down " + B),
            bond("802.3ad", "", Health.HEALTHY, "net1 up " + A, "net2 up " + B),
            bond("802.3ad", "", Health.DEGRADED, "net1 down " + A, "net2 up " + B),
            bond("802.3ad", "", Health.DOWN, "net1 down " + A),
            bond("802.3ad", "", Health.HEALTHY, "net1 up " + B));
    NodeImpact impact = impact(bonds);

    assertThat(impact.impacts())
        .extracting(Impact::fate)
        .containsExactly(
            Fate.DOWN,
            Fate.FAILS_OVER,
            Fate.LOSES_CAPACITY,
            Fate.LOSES_REDUNDANCY,
            Fate.UNCHANGED,
            Fate.DOWN_ALREADY);
    assertThat(impact.summary())
        .isEqualTo(
            "If PF ens1f0 (0000:3b:00.0) went: 1 bond would go down, 1 would fail over, 1 would"
                + " lose capacity, 1 would only lose redundancy, 1 would stay as it is, 1 is down"
                + " already; 1 of 7 bonds has no member there.");
  }

  @ParameterizedTest
  @CsvSource({
    "net1 up A;net2 up B, net1, DOWN, '', net2",
    "net1 up A;net2 held B, net1, DOWN, '', net2",
    "net1 up A;net2 up B;net3 up C, net1, FAILS_OVER, net3, net2",
    "net1 up A;net2 held B;net3 up C, net1, FAILS_OVER, net3, net2",
    "net1 up A;net2 up B;net3 up C, net2, LOSES_REDUNDANCY, net3, net2",
    "net1 held A;net2 up C, net2, UNCHANGED, net2, ''",
    "net1 up A;net2 down B, net1, DOWN, '', ''",
  })
  void noMemberWithABadUplinkAndNoneThatIsHeldKeepsABondUp(
      String members, String active, Fate fate, String left, String deadEnds) {
    String[] all =
        members
            .replace(" A", " " + A)
            .replace(" B", " " + B)
            .replace(" C", " ens3f0 0000:86:00.0")
            .split(";");
    NodeImpact impact =
        impact(
            List.of(bond("active-backup", active, Health.DEGRADED, all)),
            bad(new KnownPf("ens2f0", "0000:5e:00.0")));
    Impact one = impact.impacts().getFirst();

    assertThat(one.fate()).isEqualTo(fate);
    assertThat(String.join(",", one.left())).isEqualTo(left);
    assertThat(String.join(",", one.deadEnds())).isEqualTo(deadEnds);
    assertThat(impact.remark())
        .isEqualTo(
            fate == Fate.DOWN && !deadEnds.isEmpty()
                ? Optional.of(
                    "Of those that would go down, 1 would keep only members with a bad uplink (!)")
                : Optional.empty());
  }

  private static KnownUpstream bad(KnownPf pf) {
    return new KnownUpstream(pf, "bad", "no partner", Optional.empty());
  }

  /// Whatever bonds there are: each is counted once, and goes down exactly if it was up and
  /// everything of it that was up goes, or has a bad uplink.
  @Test
  void everyBondIsCountedOnceAndGoesDownOnlyWithItsLastMember() {
    long seed = Long.getLong("podbond.seed", 1L);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<KnownBond> bonds = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        bonds.add(any(random));
      }
      NodeImpact impact =
          random.nextBoolean()
              ? impact(bonds)
              : impact(bonds, bad(new KnownPf("ens2f0", "0000:5e:00.0")));
      assertThat(impact.impacts().size() + impact.elsewhere())
          .as("seed %d", seed)
          .isEqualTo(bonds.size());
      for (Impact one : impact.impacts()) {
        boolean wasUpThere =
            one.bond().health() != Health.DOWN
                && one.bond().members().stream()
                    .anyMatch(member -> member.isUp() && one.lost().contains(member.name()));
        assertThat(one.fate() == Fate.DOWN)
            .as("seed %d: %s", seed, one)
            .isEqualTo(wasUpThere && one.left().isEmpty());
      }
    }
  }

  private static KnownBond any(Random random) {
    String[] members = new String[random.nextInt(4)];
    for (int i = 0; i < members.length; i++) {
      members[i] =
          "net%d %s %s"
              .formatted(
                  i,
                  List.of("up", "down", "missing", "held").get(random.nextInt(4)),
                  random.nextBoolean() ? A : B);
    }
    BondMode[] modes = BondMode.values();
    return bond(
        modes[random.nextInt(modes.length)].toString(),
        random.nextBoolean() ? "" : "net" + random.nextInt(3),
        Health.values()[random.nextInt(4)],
        members);
  }
}
