package dev.podbond.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.bonding.uplink.NodeUplinks;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.value.PciAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Which bonds are looked into, and when.
final class DemoterTest {
  private static final PciAddress ONE = SomeUplinks.ONE;
  private static final PciAddress TWO = SomeUplinks.TWO;
  private static final UplinkSettings DEMOTE = UplinkSettings.DEFAULT.with(UplinkAction.DEMOTE);

  private final SomeBonds bonds = new SomeBonds();
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final AtomicInteger seconds = new AtomicInteger();
  private final Demoter demoter =
      new Demoter(
          bonds,
          new NodeCounters(),
          new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8)),
          () -> Duration.ofSeconds(seconds.get()));

  private static NodeUplinks uplinks(boolean storm, PciAddress... bad) {
    return SomeUplinks.of(storm, bad);
  }

  private void act(NodeUplinks uplinks, UplinkSettings settings, int times) {
    for (int i = 0; i < times; i++) {
      seconds.incrementAndGet();
      demoter.act(uplinks, settings);
    }
  }

  private void begin() {
    assertThat(demoter.begin()).isTrue();
    bonds.judged.clear();
  }

  private String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aBondIsLookedIntoWhenSomethingThatMattersHasChanged() {
    bonds.add("c1", ONE, TWO);
    begin();
    act(uplinks(false), DEMOTE, 100);
    assertThat(bonds.judged).isEmpty();
    act(uplinks(false, ONE), DEMOTE, 30);
    assertThat(bonds.judged).containsExactly("c1 demote of [" + ONE + "]", "c1 unchanged");
    assertThat(bonds.changed).containsExactly(SomeBonds.key("c1"));
    bonds.change("c1", "net1");
    act(uplinks(false, ONE), DEMOTE, 30);
    assertThat(bonds.judged).hasSize(3);
    act(uplinks(false, ONE), DEMOTE, 60);
    assertThat(bonds.judged).as("now and then all the same").hasSize(4);
    act(uplinks(false), DEMOTE, 30);
    assertThat(bonds.judged).hasSize(5).last().isEqualTo("c1 restored");
    assertThat(log())
        .contains(
            "bond bond0 of demo/c1 leaves a bad path: away",
            "bond bond0 of demo/c1 is as it was before it left a path: back");
  }

  @Test
  void onlySoManyBondsLeaveInOneLook() {
    for (int i = 0; i < 50; i++) {
      bonds.add("c" + i, ONE, TWO);
    }
    begin();
    act(uplinks(false, ONE), DEMOTE, 1);
    assertThat(bonds.demoted).hasSize(20);
    act(uplinks(false, ONE), DEMOTE, 1);
    assertThat(bonds.demoted).hasSize(40);
    act(uplinks(false, ONE), DEMOTE, 1);
    assertThat(bonds.demoted).hasSize(50);
  }

  @Test
  void inAStormNobodyLeaves() {
    bonds.add("c1", ONE, TWO);
    begin();
    act(uplinks(true, ONE), DEMOTE, 10);
    assertThat(bonds.demoted).isEmpty();
    act(uplinks(false, ONE), DEMOTE, 1);
    assertThat(bonds.demoted).hasSize(1);
    act(uplinks(true, ONE, TWO), DEMOTE, 10);
    assertThat(bonds.demoted).as("who has left stays away").hasSize(1);
  }

  @Test
  void whatIsLeftOfAnEarlierAgentGoesFirstAndAgainIfThatFails() {
    bonds.add("c1", ONE, TWO);
    bonds.demoted.add(SomeBonds.key("c1"));
    bonds.demoted.add(SomeBonds.key("vanished"));
    bonds.refusals.set(1);
    act(uplinks(false, ONE), DEMOTE, 5);
    assertThat(bonds.judged).isEmpty();
    assertThat(demoter.begin()).isFalse();
    assertThat(bonds.judged).containsExactly("c1 refused", "vanished restored");
    bonds.demoted.add(SomeBonds.key("later"));
    assertThat(demoter.begin()).isTrue();
    assertThat(bonds.judged).last().isEqualTo("c1 restored");
    assertThat(bonds.demoted).as("what was demoted since").containsExactly(SomeBonds.key("later"));
  }

  /// Though the kernel takes long to refuse it, in which time the bond changes as well.
  @Test
  void whatFailsRestsLongerAndLongerFromWhenItFailed() {
    bonds.add("c1", ONE, TWO);
    begin();
    bonds.refusals.set(100);
    bonds.meanwhile = () -> seconds.addAndGet(5);
    List<Integer> failed = new ArrayList<>();
    while (seconds.get() < 2_000) {
      int before = bonds.judged.size();
      bonds.change("c1", seconds.get() % 2 == 0 ? "net0" : "net1");
      act(uplinks(false, ONE), DEMOTE, 1);
      if (bonds.judged.size() > before) {
        failed.add(seconds.get());
      }
    }
    assertThat(failed).hasSize(11).startsWith(6, 21, 46, 91, 176, 341, 646, 951);
    assertThat(log()).contains("bond bond0 of demo/c1 could not be changed as its uplinks ask for");
    bonds.refusals.set(0);
    act(uplinks(false, ONE), DEMOTE, 301);
    assertThat(bonds.judged).contains("c1 demote of [" + ONE + "]");
    bonds.refusals.set(1);
    act(uplinks(false), DEMOTE, 17);
    assertThat(bonds.judged).as("as at first").endsWith("c1 refused", "c1 restored");
  }

  @Test
  void aDefectConcernsOneBond() {
    bonds.add("c1", ONE, TWO);
    bonds.add("c2", ONE, TWO);
    bonds.broken.add(SomeBonds.key("c1"));
    begin();
    act(uplinks(false, ONE), DEMOTE, 1);
    assertThat(bonds.demoted).containsExactly(SomeBonds.key("c2"));
    assertThat(log()).contains("a defect: java.lang.IllegalStateException: seeded");
  }

  /// As when the pod flips the link of the other member, or makes the one that is held back active.
  @Test
  void whoeverHasHisBondChangedWithoutEndWaitsForItAndNobodyElse() {
    bonds.add("c1", ONE, TWO);
    bonds.add("c2", TWO, ONE);
    begin();
    for (int second = 0; second < 600; second++) {
      bonds.change("c1", second % 2 == 0 ? "net0" : "net1");
      bonds.demoted.remove(SomeBonds.key("c1"));
      act(uplinks(false, ONE), DEMOTE, 1);
    }
    assertThat(bonds.judged)
        .filteredOn(judged -> judged.startsWith("c1 demote"))
        .hasSizeBetween(10, 17);
    act(uplinks(false, ONE), DEMOTE, 60);
    assertThat(bonds.demoted).contains(SomeBonds.key("c1"));
    act(uplinks(false), DEMOTE, 1);
    assertThat(bonds.demoted).as("coming back waits for nothing").isEmpty();
  }

  @Test
  void whoIsOnlySteeredTakesNobodysPlace() {
    for (int i = 0; i < 25; i++) {
      bonds.add("c" + i, ONE, TWO);
      bonds.steered.add(SomeBonds.key("c" + i));
    }
    bonds.add("last", ONE, TWO);
    begin();
    act(uplinks(false, ONE), DEMOTE, 1);
    assertThat(bonds.demoted).containsExactly(SomeBonds.key("last"));
  }

  @Test
  void onceTheEndHasBegunNobodyIsDemotedOrRestoredButByIt() {
    bonds.add("c1", ONE, TWO);
    bonds.add("c2", ONE, TWO);
    begin();
    bonds.meanwhile = demoter::end;
    act(uplinks(false, ONE), DEMOTE, 5);
    assertThat(bonds.demoted).as("in the midst of a look").hasSize(1);
    assertThat(demoter.restoreAll()).isFalse();
    assertThat(demoter.begin()).isFalse();
    assertThat(bonds.demoted).hasSize(1);
    assertThat(demoter.restoreAtTheEnd(Duration.ofSeconds(10))).isTrue();
    assertThat(bonds.demoted).isEmpty();
  }

  @Test
  void nobodyIsCalledRestoredOfWhomSomethingIsStillWrittenDown() {
    bonds.demoted.add(SomeBonds.key("c1"));
    bonds.waiting.add(SomeBonds.key("c1"));
    assertThat(demoter.begin()).isFalse();
    assertThat(demoter.begin()).isFalse();
    assertThat(demoter.restoreAll()).isFalse();
    assertThat(demoter.restoreAtTheEnd(Duration.ofSeconds(10))).isFalse();
    bonds.waiting.clear();
    assertThat(demoter.begin()).isTrue();
    assertThat(demoter.restoreAll()).isTrue();
  }

  @Test
  void whatCannotBeListedIsNotTakenForNothing() {
    bonds.add("c1", ONE, TWO);
    bonds.unlisted.set(1);
    assertThat(demoter.begin()).isFalse();
    act(uplinks(false, ONE), DEMOTE, 1);
    assertThat(bonds.judged).as("nothing is demoted before").isEmpty();
    assertThat(demoter.begin()).isTrue();
    bonds.unlisted.set(2);
    assertThat(demoter.restoreAll()).isFalse();
    bonds.unlisted.set(2);
    assertThat(demoter.restoreAtTheEnd(Duration.ofSeconds(10))).isFalse();
  }

  @Test
  void whereNothingIsToBeDoneEverybodyComesBackWatchedOrNot() {
    bonds.add("c1", ONE, TWO);
    begin();
    bonds.demoted.add(SomeBonds.key("c1"));
    bonds.demoted.add(SomeBonds.key("unwatched"));
    act(uplinks(false, ONE), UplinkSettings.DEFAULT, 1);
    assertThat(bonds.demoted).isEmpty();
  }

  @Test
  void atTheEndEverybodyComesBackAsFarAsThereIsTime() {
    bonds.demoted.add(SomeBonds.key("c1"));
    bonds.demoted.add(SomeBonds.key("c2"));
    assertThat(demoter.restoreAtTheEnd(Duration.ofSeconds(-1))).isFalse();
    assertThat(bonds.demoted).hasSize(2);
    bonds.refusals.set(1);
    assertThat(demoter.restoreAtTheEnd(Duration.ofSeconds(10))).isFalse();
    assertThat(demoter.restoreAtTheEnd(Duration.ofSeconds(10))).isTrue();
    assertThat(bonds.demoted).isEmpty();
  }
}
