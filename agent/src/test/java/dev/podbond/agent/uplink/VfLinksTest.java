package dev.podbond.agent.uplink;

import static dev.podbond.agent.uplink.SomeUplinks.ONE;
import static dev.podbond.agent.uplink.SomeUplinks.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.uplink.NodeUplinks;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
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
    assertThat(vfs.judged).as("for what somebody sets meanwhile").hasSize(4);
    act(bad(), ACT, 20);
    assertThat(vfs.judged).last().isEqualTo(ONE + " restored");
    assertThat(vfs.disabled).isEmpty();
    assertThat(log())
        .contains(
            "VFs of PF " + ONE + " lose their link: away",
            "VFs of PF " + ONE + " have their link state again: back");
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
  void whoseVfsAreIsToldAndLookedAtAtOnceWhenItIsAnother() {
    PciAddress vf = new PciAddress(0, 1, 2, 0);
    vfs.attached = new AttachedVfs(Map.of(vf, new AttachmentKey("c1", "net1")), Set.of());
    assertThat(links.begin()).isTrue();
    act(bad(ONE), ACT, 3);
    assertThat(vfs.last.attached().mayLose(vf)).isTrue();
    vfs.judged.clear();
    vfs.attached = new AttachedVfs(vfs.attached.alone(), Set.of(vf));
    act(bad(ONE), ACT, 1);
    assertThat(vfs.judged).as("at once").hasSize(1);
    assertThat(vfs.last.attached().mayLose(vf)).isFalse();
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
    assertThat(vfs.judged).containsOnlyOnce(ONE + " refused");
    assertThat(links.refusal(ONE)).contains("Operation not supported");
    assertThat(log())
        .containsOnlyOnce(
            "VFs of PF "
                + ONE
                + " keep their link though its uplink is bad: Operation not supported; bonds leave"
                + " it all the same");
    act(bad(), ACT, 1);
    assertThat(links.refusal(ONE)).isEmpty();
  }

  /// As those that lost it before the driver refused.
  @Test
  void whereADriverRefusesThoseWithoutALinkHaveItBackAllTheSame() {
    vfs.refusing.add(ONE);
    assertThat(links.begin()).isTrue();
    act(bad(ONE), ACT, 5);
    vfs.disabled.add(ONE);
    act(bad(ONE, TWO), ACT, 1);
    assertThat(vfs.disabled).isEmpty();
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
    vfs.stuck.set(1);
    assertThat(links.begin()).isFalse();
    assertThat(links.begin()).isTrue();
    assertThat(vfs.judged).containsExactly(TWO + " stuck", TWO + " restored");
  }

  @Test
  void whatFailsRestsLongerAndLongerAndIsToldOnce() {
    assertThat(links.begin()).isTrue();
    vfs.failing.set(100);
    act(bad(ONE), ACT, 600);
    assertThat(vfs.judged.stream().filter(what -> what.endsWith("failed"))).hasSizeBetween(4, 7);
    assertThat(log()).containsOnlyOnce("keep their link for now though its uplink is bad: no");
  }

  @Test
  void nobodyWhoIsToHaveItsLinkBackWaitsBecauseAnotherCouldNotLoseIts() {
    assertThat(links.begin()).isTrue();
    vfs.failing.set(100);
    act(bad(ONE), ACT, 600);
    vfs.disabled.add(ONE);
    act(bad(), ACT, 1);
    assertThat(vfs.disabled).isEmpty();
    act(bad(ONE), ACT, 1);
    vfs.disabled.add(ONE);
    act(bad(ONE), DEMOTE, 1);
    assertThat(vfs.disabled).isEmpty();
  }

  @Test
  void whoDoesNotHaveItsLinkBackIsTriedAgainSoonAndToldOnce() {
    assertThat(links.begin()).isTrue();
    act(bad(ONE), ACT, 1);
    vfs.stuck.set(1_000);
    act(bad(), ACT, 600);
    assertThat(vfs.judged.stream().filter(what -> what.endsWith("stuck"))).hasSizeBetween(20, 30);
    assertThat(log()).containsOnlyOnce("are not what they should be yet: no");
    vfs.stuck.set(0);
    act(bad(), ACT, 30);
    assertThat(vfs.disabled).isEmpty();
  }

  @Test
  void whatSomebodySetsMeanwhileIsLeftAloneUntilTheUplinkIsGood() {
    PciAddress vf = new PciAddress(0, 1, 2, 0);
    assertThat(links.begin()).isTrue();
    act(bad(ONE), ACT, 2);
    vfs.theirs.add(vf);
    act(bad(ONE), ACT, 60);
    assertThat(vfs.judged).containsOnlyOnce(ONE + " theirs");
    assertThat(vfs.last.leftAlone()).containsExactly(vf);
    assertThat(log()).containsOnlyOnce("since somebody has set their link state: " + vf);
    vfs.theirs.clear();
    act(bad(), ACT, 1);
    act(bad(ONE), ACT, 1);
    assertThat(vfs.last.leftAlone()).isEmpty();
  }

  @Test
  void aDefectIsAFailureAndToldOnce() {
    assertThat(links.begin()).isTrue();
    vfs.isDefect = true;
    act(bad(ONE), ACT, 60);
    assertThat(log()).containsOnlyOnce("a defect: java.lang.IllegalStateException: seeded");
    vfs.isDefect = false;
    act(bad(ONE), ACT, 31);
    assertThat(vfs.disabled).hasSize(1);
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
