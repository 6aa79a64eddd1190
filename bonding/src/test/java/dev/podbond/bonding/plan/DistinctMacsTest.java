package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.fixture.Configurations;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.value.MacAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Members of balance-tlb and balance-alb, which need MACs of their own.
class DistinctMacsTest {
  private static final BondConfig ALB = Configurations.bond("'mode':'balance-alb','failOverMac':0");
  private static final long GROUP = 0x0100_0000_0000L;
  private static final long LOCAL = 0x0200_0000_0000L;

  private static Member member(String name, int index, MacAddress mac) {
    return new Member(
        new MemberSpec.Named(name, MemberOptions.DEFAULT),
        LinkFixture.inPod(name).mac(mac.toString()).facts(index),
        name);
  }

  private static MacAddress anyMac(Random random) {
    return new MacAddress(random.nextLong() & 0xfeff_ffff_ffffL);
  }

  @Test
  void whoeverComesSecondWithAMacGetsAFreeOneOfItsOwn() {
    for (long seed : RandomWorlds.seeds(300)) {
      Random random = new Random(seed);
      MacAddress shared = anyMac(random);
      List<Member> members =
          List.of(
              member("net1", 11, shared),
              member("net2", 12, shared),
              member("net3", 13, anyMac(random)),
              member("net4", 14, shared));
      Map<Member, MacAddress> chosen = DistinctMacs.choose(ALB, members);
      assertThat(chosen).as("seed %d", seed).containsOnlyKeys(members.get(1), members.get(3));
      assertThat(DistinctMacs.choose(ALB, members))
          .as("the same facts, seed %d", seed)
          .isEqualTo(chosen);
      Set<MacAddress> all = new HashSet<>(chosen.values());
      members.forEach(member -> member.arrivingMac().ifPresent(all::add));
      assertThat(all).as("seed %d", seed).hasSize(4);
      assertThat(chosen.values())
          .as("seed %d", seed)
          .allSatisfy(mac -> {
            assertThat(mac.bits() & (GROUP | LOCAL)).isEqualTo(LOCAL);
            assertThat(Math.abs(mac.bits() - shared.bits()) & 0xff_ffffL)
                .as("not the next one")
                .isGreaterThan(8);
          });
    }
  }

  @Test
  void theMacOfTheBondIsTakenToo() {
    for (long seed : RandomWorlds.seeds(100)) {
      Member second = member("net2", 2, anyMac(new Random(seed)));
      Member first = member("net1", 1, second.arrivingMac().orElseThrow());
      MacAddress free = DistinctMacs.choose(ALB, List.of(first, second)).get(second);
      BondConfig withIt =
          Configurations.bond("'mode':'balance-alb','failOverMac':0,'mac':'" + free + "'");
      assertThat(DistinctMacs.choose(withIt, List.of(first, second)).get(second))
          .as("seed %d", seed)
          .isNotNull()
          .isNotEqualTo(free);
    }
  }

  @Test
  void theMacsOfLaterMembersAreTakenToo() {
    for (long seed : RandomWorlds.seeds(100)) {
      Member second = member("net2", 2, anyMac(new Random(seed)));
      Member first = member("net1", 1, second.arrivingMac().orElseThrow());
      MacAddress free = DistinctMacs.choose(ALB, List.of(first, second)).get(second);
      Member third = member("net3", 3, free);
      assertThat(DistinctMacs.choose(ALB, List.of(first, second, third)))
          .as("seed %d", seed)
          .containsOnlyKeys(second)
          .doesNotContainValue(free);
    }
  }

  /// Otherwise two pods with the same problem would choose the same.
  @Test
  void whoeverDiffersInNameIndexOrMacGetsAnotherOne() {
    Set<MacAddress> chosen = new HashSet<>();
    int cases = 0;
    for (int index : new int[] {1, 12, 4096}) {
      for (int n = 0; n < 20; n++) {
        for (int low = 0; low < 50; low++) {
          MacAddress mac = new MacAddress(LOCAL | low);
          Member member = member("net" + n, index, mac);
          chosen.add(DistinctMacs.choose(ALB, member, Set.of(mac)).orElseThrow());
          cases++;
        }
      }
    }
    assertThat(chosen).hasSize(cases);
  }

  @Test
  void whoeverJoinsLaterKeepsItsMacUnlessItIsTaken() {
    MacAddress mac = new MacAddress(LOCAL | 0x57);
    Member late = member("net2", 2, mac);
    assertThat(DistinctMacs.choose(ALB, late, Set.of())).isEmpty();
    assertThat(DistinctMacs.choose(ALB, late, Set.of(new MacAddress(LOCAL | 0x58)))).isEmpty();
    assertThat(DistinctMacs.choose(ALB, late, Set.of(mac)))
        .isPresent()
        .isNotEqualTo(Optional.of(mac));
    assertThat(DistinctMacs.choose(Configurations.bond(), late, Set.of(mac)))
        .as("active-backup bears it")
        .isEmpty();
  }
}
