package dev.podbond.agent.uplink;

import static dev.podbond.agent.uplink.SomeUplinks.ONE;
import static dev.podbond.agent.uplink.SomeUplinks.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.watch.WatchedBond;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.uplink.NodeUplinks;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.value.PciAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Whose VFs lose their link, and when anybody looks.
final class VfLinksTest {
  private static final UplinkSettings ACT = UplinkSettings.DEFAULT.with(UplinkAction.VF_LINK_STATE);
  private static final UplinkSettings DEMOTE = UplinkSettings.DEFAULT.with(UplinkAction.DEMOTE);

  private final SomeVfs vfs = new SomeVfs();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final AtomicInteger seconds = new AtomicInteger();
  private final VfLinks links =
      new VfLinks(
          vfs,
          new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8)),
          () -> Duration.ofSeconds(seconds.get()));

  private void act(NodeUplinks uplinks, UplinkSettings settings, int times) {
    for (int i = 0; i < times; i++) {
      seconds.incrementAndGet();
      links.act(uplinks, settings);
    }
  }

  private static NodeUplinks bad(PciAddress... bad) {
    return SomeUplinks.of(false, bad);
  }

  private String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  @Test
  void thoseOfABadPfLoseTheirLinkAndHaveItBackWhenItIsGood() {
    assertThat(links.begin()).isTrue();
    act(bad(), ACT, 100);
    assertThat(vfs.judged).as("nobody looks").isEmpty();
    act(bad(ONE), ACT, 9);
    assertThat(vfs.judged).containsExactly(ONE + " disabled", ONE + " unchanged");
    act(bad(ONE), ACT, 20);
    assertThat(vfs.judged).as("for others that are made meanwhile").hasSize(4);
    act(bad(), ACT, 20);
    assertThat(vfs.judged).last().isEqualTo(ONE + " restored");
    assertThat(vfs.disabled).isEmpty();
    assertThat(log())
        .contains(
            "link states of the VFs of PF " + ONE + ": away",
            "link states of the VFs of PF " + ONE + ": back");
  }

  @Test
  void whereAllPfsAreBadNobodyLosesItsLinkAndAllHaveItBack() {
    assertThat(links.begin()).isTrue();
    act(bad(ONE, TWO), ACT, 20);
    assertThat(vfs.disabled).isEmpty();
    act(bad(ONE), ACT, 2);
    assertThat(vfs.disabled).containsExactly(ONE);
    act(bad(ONE, TWO), ACT, 2);
    assertThat(vfs.disabled).isEmpty();
  }

  @Test
  void membersOfBondsAreSpared() {
    PciAddress member = new PciAddress(0, 1, 2, 0);
    SomeBonds bonds = new SomeBonds();
    bonds.add("c1", ONE, TWO);
    WatchedBond bond = bonds.watched().getFirst();
    vfs.bonds.add(
        new WatchedBond(
            bond.key(),
            bond.pod(),
            bond.state(),
            List.of(
                new ConfiguredMember(
                    "net0", Optional.of(member), Optional.empty(), Optional.empty()))));
    assertThat(links.begin()).isTrue();
    act(bad(ONE), ACT, 1);
    assertThat(vfs.spared).containsExactly(member);
    act(bad(ONE), ACT, 1);
    vfs.judged.clear();
    vfs.bonds.clear();
    act(bad(ONE), ACT, 1);
    assertThat(vfs.judged).as("at once when there are others").hasSize(1);
    assertThat(vfs.spared).isEmpty();
  }

  @Test
  void inAStormAndBeforeAllBondsAreKnownNobodyLosesItsLink() {
    assertThat(links.begin()).isTrue();
    act(SomeUplinks.of(true, ONE), ACT, 20);
    assertThat(vfs.disabled).isEmpty();
    vfs.isComplete = false;
    act(bad(ONE), ACT, 20);
    assertThat(vfs.disabled).isEmpty();
    vfs.isComplete = true;
    act(bad(ONE), ACT, 1);
    assertThat(vfs.disabled).hasSize(1);
    act(SomeUplinks.of(true, ONE), ACT, 20);
    assertThat(vfs.disabled).as("who has none stays so").hasSize(1);
  }

  @Test
  void whatADriverRefusesIsToldOnceAndKnownAsLongAsItMatters() {
    vfs.refusing.add(ONE);
    assertThat(links.begin()).isTrue();
    act(bad(ONE), ACT, 1_000);
    assertThat(vfs.judged).containsExactly(ONE + " refused");
    assertThat(links.refusal(ONE)).contains("Operation not supported");
    assertThat(log())
        .containsOnlyOnce(
            "VFs of PF "
                + ONE
                + " keep their link though its uplink is bad: its driver refuses link states:"
                + " Operation not supported; bonds leave it all the same");
    act(bad(), ACT, 1);
    assertThat(links.refusal(ONE)).isEmpty();
  }

  @Test
  void anotherActionOrNoneGivesAllBack() {
    assertThat(links.begin()).isTrue();
    act(bad(ONE), ACT, 1);
    act(bad(ONE), DEMOTE, 1);
    assertThat(vfs.disabled).isEmpty();
    act(bad(ONE), ACT, 1);
    assertThat(links.restoreAll()).isTrue();
    assertThat(vfs.disabled).isEmpty();
  }

  @Test
  void whatIsLeftOfAnEarlierAgentGoesFirst() {
    vfs.disabled.add(TWO);
    act(bad(ONE), ACT, 5);
    assertThat(vfs.judged).isEmpty();
    vfs.failing.set(1);
    assertThat(links.begin()).isFalse();
    assertThat(links.begin()).isTrue();
    assertThat(vfs.judged).containsExactly(TWO + " failed", TWO + " restored");
  }

  @Test
  void whatFailsRestsLongerAndLongerAndADefectIsAFailure() {
    assertThat(links.begin()).isTrue();
    vfs.isDefect = true;
    act(bad(ONE), ACT, 1);
    assertThat(log()).contains("a defect: java.lang.IllegalStateException: seeded");
    vfs.isDefect = false;
    vfs.failing.set(100);
    act(bad(ONE), ACT, 9);
    assertThat(vfs.judged).isEmpty();
    act(bad(ONE), ACT, 600);
    assertThat(vfs.judged).hasSizeBetween(4, 7);
  }

  @Test
  void atTheEndAllHaveTheirLinkBackAsFarAsThereIsTime() {
    assertThat(links.begin()).isTrue();
    act(bad(ONE), ACT, 1);
    links.end();
    act(bad(), ACT, 5);
    assertThat(vfs.disabled).hasSize(1);
    assertThat(links.restoreAtTheEnd(Duration.ofSeconds(-1))).isFalse();
    assertThat(links.restoreAtTheEnd(Duration.ofSeconds(10))).isTrue();
    assertThat(vfs.disabled).isEmpty();
  }
}
