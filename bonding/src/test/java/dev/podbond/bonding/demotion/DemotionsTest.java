package dev.podbond.bonding.demotion;

import static dev.podbond.bonding.demotion.DemotedBond.BOND;
import static dev.podbond.bonding.demotion.DemotedBond.name;
import static dev.podbond.bonding.demotion.DemotedBond.pf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.json.JsonNumber;
import dev.podbond.value.PciAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who leaves a bad path, and who comes back.
final class DemotionsTest {
  private static final Reading BAD = new Reading.Bad("lacp: the partner is expired");
  private static final Map<PciAddress, Reading> FIRST_BAD = Map.of(pf(0), BAD);
  private static final Map<PciAddress, Reading> BOTH_BAD = Map.of(pf(0), BAD, pf(1), BAD);
  private static final Map<PciAddress, Reading> ALL_WELL = Map.of();

  private static DemotedBond withPrimary(BondMode mode, int primary) {
    return DemotedBond.of(
        mode, 2, Map.of(BondOption.PRIMARY, new OptionValue.MemberName(name(primary))));
  }

  @Test
  void anActiveMemberOnABadPathBecomesTheLastChoice() {
    DemotedBond bond = withPrimary(BondMode.ACTIVE_BACKUP, 0);
    assertThat(bond.active()).isEqualTo("net0");

    bond.settle(FIRST_BAD);
    assertThat(bond.active()).isEqualTo("net1");
    assertThat(bond.priority(0)).isEqualTo(-1);
    assertThat(bond.use().primary()).isEmpty();
    assertThat(bond.written.orElseThrow().members().getFirst())
        .isEqualTo(
            new HeldMember(
                "net0",
                Optional.empty(),
                pf(0),
                "lacp: the partner is expired",
                Instant.ofEpochSecond(1_800_000_000),
                new Held.Lowered(OptionalInt.of(0), OptionalInt.of(-1), true)));

    bond.settle(ALL_WELL);
    assertThat(bond.active()).isEqualTo("net0");
    assertThat(bond.use().primary()).contains("net0");
    assertThat(bond.written).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"BALANCE_RR", "BALANCE_XOR", "BROADCAST", "BALANCE_TLB", "BALANCE_ALB"})
  void whereAllCarryTrafficItLeavesTheBond(BondMode mode) {
    DemotedBond bond = DemotedBond.of(mode, 2);
    String before = bond.configured();
    bond.settle(FIRST_BAD);
    assertThat(bond.isIn(0)).isFalse();
    assertThat(bond.isIn(1)).isTrue();
    bond.settle(ALL_WELL);
    assertThat(bond.configured()).isEqualTo(before);
  }

  /// The other one has the bond's MAC while it is away. Back as the primary it has that again, and
  /// the other one its own.
  @ParameterizedTest
  @EnumSource(names = {"BALANCE_TLB", "BALANCE_ALB"})
  void whereMacsMoveWithTheActiveMemberTheyAreAllBackWithThePrimary(BondMode mode) {
    DemotedBond bond =
        DemotedBond.of(mode, 3, Map.of(BondOption.PRIMARY, new OptionValue.MemberName(name(0))));
    List<String> before = bond.kernel.state();
    bond.settle(FIRST_BAD);
    assertThat(bond.isIn(0)).isFalse();
    assertThat(bond.active()).isEqualTo(name(1));
    bond.settle(ALL_WELL);
    assertThat(bond.active()).isEqualTo(name(0));
    assertThat(bond.kernel.state()).isEqualTo(before);
  }

  /// The pod's own LACP sees it.
  @Test
  void whereLacpRunsInThePodTheBondIsLeftAlone() {
    DemotedBond bond = DemotedBond.of(BondMode.LACP, 2);
    assertThat(bond.settle(FIRST_BAD)).isZero();
    assertThat(bond.written).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(BondMode.class)
  void whereAllPathsAreBadNothingIsDone(BondMode mode) {
    DemotedBond bond = DemotedBond.of(mode, 2);
    assertThat(bond.settle(BOTH_BAD)).isZero();
    assertThat(bond.written).isEmpty();
  }

  @Test
  void thePathThatIsLeftIsTheLastOneThoughItHasNoLink() {
    DemotedBond bond = DemotedBond.of(BondMode.BALANCE_XOR, 2);
    bond.kernel.setCarrier(LinkRef.pod("net1"), false);
    assertThat(bond.settle(FIRST_BAD)).isZero();
    assertThat(bond.isIn(0)).isTrue();
  }

  /// A path that works in part is better than none.
  @Test
  void whoIsOutsideComesBackWhenTheLastGoodPathGoes() {
    DemotedBond bond = DemotedBond.of(BondMode.BALANCE_RR, 2);
    bond.settle(FIRST_BAD);
    bond.kernel.setCarrier(LinkRef.pod("net1"), false);
    bond.settle(FIRST_BAD);
    assertThat(bond.isIn(0)).isTrue();
    bond.kernel.setCarrier(LinkRef.pod("net1"), true);
    bond.settle(FIRST_BAD);
    assertThat(bond.isIn(0)).as("until there is another again").isFalse();
    bond.settle(BOTH_BAD);
    assertThat(bond.isIn(0)).isTrue();
    assertThat(bond.isIn(1)).isTrue();
  }

  @Test
  void whatIsUnknownIsUsable() {
    DemotedBond bond = DemotedBond.of(BondMode.ACTIVE_BACKUP, 2);
    Reading unknown = new Reading.Unknown("it cannot be read");
    assertThat(bond.settle(Map.of(pf(0), unknown))).isZero();
    bond.settle(Map.of(pf(0), BAD, pf(1), unknown));
    assertThat(bond.active()).isEqualTo("net1");
    bond.settle(Map.of(pf(0), unknown));
    assertThat(bond.written).isEmpty();
  }

  /// Between a member's loss of its carrier and the kernel's own choice of another.
  @Test
  void whereNoPathIsBadTheKernelIsLeftToFailOver() {
    DemotedBond bond = DemotedBond.of(BondMode.ACTIVE_BACKUP, 2);
    BondUse before = bond.use();
    bond.kernel.setCarrier(LinkRef.pod("net0"), false);
    BondUse meanwhile = new BondUse(before.key(), before.bond(), bond.use().members());
    assertThat(meanwhile.active()).contains("net0");
    assertThat(
            Demotions.decide(
                meanwhile, ALL_WELL, Optional.empty(), UplinkAction.DEMOTE, true, Instant.EPOCH))
        .isEqualTo(new Decision.Leave());
  }

  /// Facts are read link by link: the bond may still name as active who is out of it by then.
  @Test
  void whereSomebodyTakesTheActiveMemberOutMeanwhileNothingIsDone() {
    DemotedBond bond = DemotedBond.of(BondMode.ACTIVE_BACKUP, 2);
    BondUse before = bond.use();
    bond.apply(new Change.Release(LinkRef.pod("net0"), BOND));
    BondUse meanwhile = new BondUse(before.key(), before.bond(), bond.use().members());
    assertThat(meanwhile.active()).contains("net0");
    assertThat(
            Demotions.decide(
                meanwhile, FIRST_BAD, Optional.empty(), UplinkAction.DEMOTE, true, Instant.EPOCH))
        .isEqualTo(new Decision.Leave());
  }

  @Test
  void inAStormNobodyLeavesAndWhoIsWellComesBack() {
    DemotedBond bond = DemotedBond.of(BondMode.ACTIVE_BACKUP, 2);
    assertThat(
            Demotions.decide(
                bond.use(), FIRST_BAD, Optional.empty(), UplinkAction.DEMOTE, false, Instant.EPOCH))
        .isEqualTo(new Decision.Leave());
    bond.settle(FIRST_BAD);
    assertThat(
            Demotions.decide(
                bond.use(), ALL_WELL, bond.written, UplinkAction.DEMOTE, false, Instant.EPOCH))
        .isInstanceOf(Decision.Restore.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = UplinkAction.class,
      names = {"OFF", "OBSERVE"})
  void whereNothingIsToBeDoneEverybodyComesBack(UplinkAction action) {
    DemotedBond bond = DemotedBond.of(BondMode.BALANCE_XOR, 2);
    String before = bond.configured();
    assertThat(
            Demotions.decide(bond.use(), FIRST_BAD, Optional.empty(), action, true, Instant.EPOCH))
        .isEqualTo(new Decision.Leave());
    bond.settle(FIRST_BAD);
    bond.carryOut(
        Demotions.decide(bond.use(), FIRST_BAD, bond.written, action, true, Instant.EPOCH),
        bond.kernel);
    assertThat(bond.configured()).isEqualTo(before);
    assertThat(bond.written).isEmpty();
  }

  @Test
  void thePrimaryThatSomebodySetsMeanwhileIsTheirs() {
    DemotedBond bond = withPrimary(BondMode.ACTIVE_BACKUP, 0);
    bond.settle(FIRST_BAD);
    bond.apply(new Change.SetPrimary(BOND, Optional.of("net0")));
    assertThat(bond.settle(FIRST_BAD)).as("it is meant to carry the traffic").isZero();
    bond.apply(new Change.SetPrimary(BOND, Optional.of("net1")));
    bond.settle(ALL_WELL);
    assertThat(bond.use().primary()).contains("net1");
    assertThat(bond.priority(0)).isZero();
  }

  @Test
  void thePriorityThatSomebodySetsMeanwhileIsTheirs() {
    DemotedBond bond = DemotedBond.of(BondMode.ACTIVE_BACKUP, 2);
    bond.settle(FIRST_BAD);
    bond.apply(
        new Change.SetMemberOptions(LinkRef.pod("net0"), OptionalInt.of(7), OptionalInt.empty()));
    bond.settle(ALL_WELL);
    assertThat(bond.priority(0)).isEqualTo(7);
  }

  @Test
  void whoPutItIntoAnotherBondMeantTo() {
    DemotedBond bond = DemotedBond.of(BondMode.BALANCE_XOR, 2);
    bond.settle(FIRST_BAD);
    LinkRef other = LinkRef.pod("other");
    bond.apply(
        new Change.CreateBond(
            other,
            DemotedBond.options(BondMode.BALANCE_XOR),
            Optional.empty(),
            OptionalInt.empty()));
    bond.apply(new Change.Enslave(LinkRef.pod("net0"), other));
    bond.settle(ALL_WELL);
    assertThat(bond.link("net0").member().orElseThrow().bond()).isEqualTo("other");
    assertThat(bond.written).isEmpty();
  }

  /// As with `primary_reselect failure`: the kernel leaves the traffic where it is.
  @Test
  void aDemotedMemberThatHadToCarryTheTrafficIsRelievedWhenAnotherCan() {
    DemotedBond bond = DemotedBond.of(BondMode.ACTIVE_BACKUP, 2);
    bond.settle(FIRST_BAD);
    bond.apply(new Change.SetActiveMember(BOND, "net0"));
    bond.settle(FIRST_BAD);
    assertThat(bond.active()).isEqualTo("net1");
  }

  @Test
  void belowTheLeastPriorityThereIsNone() {
    DemotedBond bond = DemotedBond.of(BondMode.ACTIVE_BACKUP, 2);
    for (String member : new String[] {"net0", "net1"}) {
      bond.apply(
          new Change.SetMemberOptions(
              LinkRef.pod(member), OptionalInt.of(Integer.MIN_VALUE), OptionalInt.empty()));
    }
    String before = bond.configured();
    bond.settle(FIRST_BAD);
    assertThat(bond.active()).isEqualTo("net1");
    bond.settle(ALL_WELL);
    assertThat(bond.configured()).isEqualTo(before);
  }

  @Test
  void whatIsWrittenOfABondThatIsGoneIsForgotten() {
    DemotedBond bond = DemotedBond.of(BondMode.ACTIVE_BACKUP, 2);
    bond.settle(FIRST_BAD);
    bond.apply(new Change.DeleteLink(BOND, "bond"));
    assertThat(bond.decide(FIRST_BAD)).isEqualTo(new Decision.Forget());
    bond.written = Optional.empty();
    assertThat(bond.decide(FIRST_BAD)).isEqualTo(new Decision.Leave());
  }

  @Test
  void aRecordIsReadAsItWasWritten() throws Exception {
    for (BondMode mode : new BondMode[] {BondMode.ACTIVE_BACKUP, BondMode.BALANCE_XOR}) {
      DemotedBond bond = DemotedBond.of(mode, 3);
      bond.settle(BOTH_BAD);
      Demotion written = bond.written.orElseThrow();
      assertThat(written.members()).hasSize(2);
      assertThat(Demotion.fromJson(written.toJson())).isEqualTo(written);
      assertThatThrownBy(() -> Demotion.fromJson(written.toJson().with("format", JsonNumber.of(2))))
          .isInstanceOf(InvalidDemotionException.class)
          .hasMessageContaining("format must be an integer from 1 to 1, found 2");
    }
  }
}
