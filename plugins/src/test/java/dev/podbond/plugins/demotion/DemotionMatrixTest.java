package dev.podbond.plugins.demotion;

import static dev.podbond.plugins.demotion.DemotableBond.BOND;
import static dev.podbond.plugins.demotion.DemotableBond.FIRST;
import static dev.podbond.plugins.demotion.DemotableBond.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.model.FaultyKernel;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.uplink.HostMaster;
import dev.podbond.bonding.uplink.NodeUplinks;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.bonding.uplink.PortState;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.Signal;
import dev.podbond.bonding.uplink.SignalKey;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.plugins.demotion.Demoting.Orders;
import dev.podbond.plugins.demotion.Demoting.Outcome;
import dev.podbond.value.PciAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of a bond in each fault that a monitor of uplinks has to stand: from what LACP says
/// in each second, by way of verdict, record and plan, to a model of the kernel. A second of these
/// tests is a look of the agent.
final class DemotionMatrixTest {
  private static final PfPort WELL = lacp(true, 0x3f);

  /// The carrier stays, and no LACPDU comes any more.
  private static final PfPort FILTERED = lacp(true, 0x45);

  private static final PfPort UNPLUGGED = lacp(false, 0x45);
  private static final Instant AT = Instant.ofEpochSecond(1_800_000_000);

  @TempDir Path scratch;
  private Path state;
  private UplinkSettings settings;
  private NodeUplinks uplinks = NodeUplinks.NONE;
  private int second;
  private int demotions;

  @BeforeEach
  void start() throws Exception {
    state = Files.createTempDirectory(scratch, "state");
    settings = UplinkSettings.parse("{\"action\": \"demote\"}".getBytes(StandardCharsets.UTF_8));
  }

  private static PfPort lacp(boolean carrier, int partner) {
    return new PfPort.Seen(
        true,
        carrier,
        new HostMaster.Lacp(
            "up0", Optional.of(new PortState(0x3f)), Optional.of(new PortState(partner))));
  }

  private DemotableBond bond(BondMode mode) {
    boolean hasPrimary = BondOption.PRIMARY.modes().accepted().contains(mode);
    return new DemotableBond(state, mode, hasPrimary ? Optional.of("net0") : Optional.empty());
  }

  private static Map<SignalKey, Reading> signals(PfPort port) {
    return Map.of(
        SignalKey.of(Signal.CARRIER), port.carrier(), SignalKey.of(Signal.LACP), port.lacp());
  }

  private Orders orders() {
    Map<PciAddress, Reading> verdicts = new TreeMap<>();
    uplinks.pfs().forEach((pf, uplink) -> verdicts.put(pf, uplink.verdict()));
    return new Orders(verdicts, settings.action(), uplinks.storm().isEmpty(), AT);
  }

  private void look(PfPort first, PfPort second) {
    this.second++;
    uplinks =
        uplinks.next(
            Map.of(FIRST, signals(first), SECOND, signals(second)),
            Duration.ofSeconds(this.second),
            settings);
  }

  /// Looks and acts, second after second.
  private void live(DemotableBond bond, int seconds, PfPort first, PfPort second) throws Exception {
    for (int i = 0; i < seconds; i++) {
      look(first, second);
      Outcome outcome = bond.judge(orders());
      demotions += outcome instanceof Outcome.Demoted ? 1 : 0;
      assertThat(outcome).isNotInstanceOf(Outcome.Unfinished.class);
      assertThat(bond.carries()).as("second %d", this.second).isTrue();
    }
  }

  private void flap(DemotableBond bond, int seconds, IntPredicate isWell) throws Exception {
    for (int i = 0; i < seconds; i++) {
      live(bond, 1, isWell.test(i) ? WELL : FILTERED, WELL);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "LACP", mode = EnumSource.Mode.EXCLUDE)
  void whereLacpIsFilteredAndTheCarrierStaysTheMemberLeavesAndComesBack(BondMode mode)
      throws Exception {
    DemotableBond bond = bond(mode);
    String before = bond.configured();
    live(bond, 10, WELL, WELL);
    assertThat(bond.configured()).isEqualTo(before);
    live(bond, 2, FILTERED, WELL);
    assertThat(bond.written()).as("not yet").isEmpty();
    live(bond, 1, FILTERED, WELL);
    assertThat(bond.isAway("net0")).isTrue();
    assertThat(bond.written().orElseThrow().members())
        .singleElement()
        .satisfies(held -> assertThat(held.why()).contains("the partner is defaulted"));
    live(bond, 60, FILTERED, WELL);
    assertThat(demotions).isEqualTo(1);
    live(bond, 9, WELL, WELL);
    assertThat(bond.isAway("net0")).as("not before it was well for a while").isTrue();
    live(bond, 1, WELL, WELL);
    assertThat(bond.configured()).isEqualTo(before);
    assertThat(bond.written()).isEmpty();
  }

  /// What becomes of link states is in `VfLinkMatrixTest`.
  @Test
  void withTheActionVfLinkStateBondsLeaveAndComeBackInTheSameWay() throws Exception {
    settings = settings.with(UplinkAction.VF_LINK_STATE);
    DemotableBond bond = bond(BondMode.ACTIVE_BACKUP);
    String before = bond.configured();
    live(bond, 60, FILTERED, WELL);
    assertThat(bond.isAway("net0")).isTrue();
    live(bond, 60, WELL, WELL);
    assertThat(bond.configured()).isEqualTo(before);
    assertThat(bond.written()).isEmpty();
  }

  /// Both switches reboot, or LACP was never configured: a path that works in part is better than
  /// none.
  @ParameterizedTest
  @EnumSource(names = "LACP", mode = EnumSource.Mode.EXCLUDE)
  void whereBothUplinksAreDownNobodyLeaves(BondMode mode) throws Exception {
    DemotableBond bond = bond(mode);
    String before = bond.configured();
    live(bond, 60, FILTERED, FILTERED);
    live(bond, 60, UNPLUGGED, FILTERED);
    assertThat(bond.configured()).isEqualTo(before);
    assertThat(demotions).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = "LACP", mode = EnumSource.Mode.EXCLUDE)
  void whenTheSecondUplinkFollowsTheFirstTheBondKeepsAllThatIsLeft(BondMode mode) throws Exception {
    DemotableBond bond = bond(mode);
    String before = bond.configured();
    live(bond, 60, FILTERED, WELL);
    assertThat(bond.isAway("net0")).isTrue();
    live(bond, 60, FILTERED, FILTERED);
    assertThat(bond.isIn("net0") && bond.isIn("net1")).isTrue();
    assertThat(bond.isAway("net1") && bond.hasActive()).as("the traffic stays").isFalse();
    live(bond, 60, WELL, FILTERED);
    assertThat(bond.isAway("net1")).isTrue();
    assertThat(bond.isAway("net0")).isFalse();
    live(bond, 200, WELL, WELL);
    assertThat(bond.configured()).isEqualTo(before);
    assertThat(bond.written()).isEmpty();
  }

  @Test
  void anUplinkThatFlapsOnceASecondCostsOneFailover() throws Exception {
    DemotableBond bond = bond(BondMode.ACTIVE_BACKUP);
    flap(bond, 600, i -> i % 2 == 0);
    assertThat(demotions).isEqualTo(1);
    assertThat(bond.isAway("net0")).isTrue();
    live(bond, 60, WELL, WELL);
    assertThat(bond.active()).isEqualTo("net0");
  }

  /// Held down twice as long each time, up to ten minutes.
  @Test
  void anUplinkThatIsWellForAWhileInBetweenCostsFewerAndFewer() throws Exception {
    DemotableBond bond = bond(BondMode.BALANCE_XOR);
    flap(bond, 7_200, i -> i % 60 >= 5);
    assertThat(demotions).isBetween(2, 20);
  }

  @ParameterizedTest
  @EnumSource(names = "LACP", mode = EnumSource.Mode.EXCLUDE)
  void whoeverIsKilledAtAnyActLeavesEnoughForTheNextOneToTakeItBack(BondMode mode)
      throws Exception {
    for (int i = 0; i < 3; i++) {
      look(FILTERED, WELL);
    }
    for (int first = 0; ; first++) {
      DemotableBond bond = bond(mode);
      String before = bond.configured();
      boolean ended = isEnded(bond, first, orders());
      int acts = bond.process.acts();
      for (int next = 0; next <= 5; next++) {
        boolean _ = isEnded(bond, next, Orders.RESTORE);
        assertThat(bond.carries()).isTrue();
      }
      Outcome _ = bond.judge(Orders.RESTORE);
      String name = mode + " killed after " + first + " acts";
      assertThat(bond.configured()).as(name).isEqualTo(before);
      assertThat(bond.written()).as(name).isEmpty();
      if (ended) {
        assertThat(acts).as("record and change").isGreaterThanOrEqualTo(2);
        return;
      }
    }
  }

  private static boolean isEnded(DemotableBond bond, int acts, Orders orders) throws Exception {
    return bond.process.endsAfter(
        acts,
        () -> {
          Outcome _ = bond.judge(orders);
        });
  }

  @Test
  void thePrimaryThatSomebodySetsMeanwhileStays() throws Exception {
    DemotableBond bond = bond(BondMode.ACTIVE_BACKUP);
    live(bond, 5, FILTERED, WELL);
    assertThat(bond.primary()).isEqualTo("none");
    bond.apply(new Change.SetPrimary(BOND, Optional.of("net1")));
    live(bond, 60, FILTERED, WELL);
    live(bond, 60, WELL, WELL);
    assertThat(bond.primary()).isEqualTo("net1");
    assertThat(bond.written()).isEmpty();
  }

  @Test
  void ofABondThatIsGoneNothingIsLeft() throws Exception {
    for (BondMode mode : new BondMode[] {BondMode.ACTIVE_BACKUP, BondMode.BALANCE_XOR}) {
      uplinks = NodeUplinks.NONE;
      DemotableBond bond = bond(mode);
      for (int i = 0; i < 3; i++) {
        look(FILTERED, WELL);
      }
      assertThat(bond.judge(orders())).isInstanceOf(Outcome.Demoted.class);
      bond.apply(new Change.DeleteLink(BOND, "bond"));
      assertThat(bond.judge(orders())).isEqualTo(new Outcome.Forgotten());
      assertThat(bond.written()).isEmpty();
    }
  }

  /// The old agent restores when it ends, and the new one judges anew.
  @ParameterizedTest
  @EnumSource(names = {"ACTIVE_BACKUP", "BALANCE_XOR"})
  void anAgentThatIsReplacedRestoresAndTheNextOneJudgesAnew(BondMode mode) throws Exception {
    DemotableBond bond = bond(mode);
    String before = bond.configured();
    live(bond, 5, FILTERED, WELL);
    assertThat(bond.judge(Orders.RESTORE)).isInstanceOf(Outcome.Restored.class);
    assertThat(bond.configured()).isEqualTo(before);
    uplinks = NodeUplinks.NONE;
    live(bond, 2, FILTERED, WELL);
    assertThat(bond.isAway("net0")).isFalse();
    live(bond, 1, FILTERED, WELL);
    assertThat(bond.isAway("net0")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = UplinkAction.class,
      names = {"OFF", "OBSERVE"})
  void whereTheMonitorIsSwitchedOffEverybodyComesBack(UplinkAction action) throws Exception {
    DemotableBond bond = bond(BondMode.BALANCE_RR);
    String before = bond.configured();
    live(bond, 5, FILTERED, WELL);
    settings = settings.with(action);
    live(bond, 1, FILTERED, WELL);
    assertThat(bond.configured()).isEqualTo(before);
    assertThat(bond.written()).isEmpty();
  }

  /// As where somebody has set the link down for good.
  @ParameterizedTest
  @EnumSource(names = {"ACTIVE_BACKUP", "BALANCE_XOR"})
  void whatTheKernelRefusesIsTakenBackAndTold(BondMode mode) throws Exception {
    for (int i = 0; i < 3; i++) {
      look(FILTERED, WELL);
    }
    DemotableBond bond = bond(mode);
    String before = bond.configured();
    Outcome outcome = bond.judge(orders(), FaultyKernel.failingAfter(0, bond.kernel));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Unfinished.class, unfinished -> assertThat(unfinished.left()).hasSize(1));
    assertThat(bond.configured()).isEqualTo(before);
    assertThat(bond.written()).isEmpty();
  }

  @Test
  void whatCannotBeBroughtBackStaysWrittenDown() throws Exception {
    DemotableBond bond = bond(BondMode.BALANCE_XOR);
    String before = bond.configured();
    live(bond, 5, FILTERED, WELL);
    Outcome outcome = bond.judge(Orders.RESTORE, FaultyKernel.failingAfter(0, bond.kernel));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Unfinished.class,
            unfinished ->
                assertThat(unfinished.left()).anyMatch(left -> left.contains("still to be done")));
    assertThat(bond.written()).isPresent();
    assertThat(bond.judge(Orders.RESTORE)).isInstanceOf(Outcome.Restored.class);
    assertThat(bond.configured()).isEqualTo(before);
  }

  /// As when its driver makes it anew between the change and the look at what became of it.
  @Test
  void whoseInterfaceVanishesMeanwhileIsStillWrittenDown() throws Exception {
    DemotableBond bond = bond(BondMode.ACTIVE_BACKUP);
    live(bond, 5, FILTERED, WELL);
    assertThat(bond.judge(Orders.RESTORE, _ -> bond.vanish("net0")))
        .isInstanceOfSatisfying(
            Outcome.Unfinished.class,
            unfinished ->
                assertThat(unfinished.left()).singleElement().asString().contains("vanished"));
    assertThat(bond.written()).isPresent();
    assertThat(bond.judge(Orders.RESTORE)).isEqualTo(new Outcome.Unchanged());
    assertThat(bond.written()).isPresent();
  }

  /// A kernel that reports success and does nothing.
  @Test
  void onlyWhatWasSeenToBeBackIsForgotten() throws Exception {
    DemotableBond bond = bond(BondMode.BALANCE_XOR);
    live(bond, 5, FILTERED, WELL);
    assertThat(bond.judge(Orders.RESTORE, _ -> {})).isInstanceOf(Outcome.Unfinished.class);
    assertThat(bond.written()).isPresent();
    bond.apply(new Change.Enslave(LinkRef.pod("net0"), BOND));
    assertThat(bond.judge(Orders.RESTORE))
        .isInstanceOfSatisfying(
            Outcome.Restored.class,
            restored ->
                assertThat(restored.changes()).singleElement().asString().contains("queue id 5"));
  }
}
