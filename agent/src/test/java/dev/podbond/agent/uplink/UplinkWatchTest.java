package dev.podbond.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.Reading;
import dev.podbond.value.PciAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the agent makes of settings and of what it reads of PFs.
final class UplinkWatchTest extends WatchedUplinks {
  @Test
  void aSwitchThatFallsSilentIsToldOnceAndSoIsItsReturn() throws Exception {
    set("{}");
    UplinkWatch watch = watch();
    watch.readSettings();
    look(watch, 1);
    assertThat(watch.verdict(ONE)).contains(Reading.good());
    int before = changes.get();
    ports.put(ONE, SILENT);
    look(watch, 10);
    assertThat(watch.verdict(ONE)).map(Reading::isBad).contains(true);
    assertThat(watch.verdict(TWO)).contains(Reading.good());
    assertThat(watch.isStorm()).contains(false);
    assertThat(changes).hasValue(before + 1);
    assertThat(log())
        .containsOnlyOnce(
            "uplink of PF ens1f0 (0000:01:00.0): bad: lacp: LACP of the host's bond up0: the"
                + " partner is defaulted, not in sync, not collecting, not distributing, after it"
                + " was good");
    ports.put(ONE, WELL);
    look(watch, 30);
    assertThat(watch.verdict(ONE)).contains(Reading.good());
    assertThat(log())
        .containsOnlyOnce("uplink of PF ens1f0 (0000:01:00.0): good, after it was bad");
  }

  /// Whoever wrote down what was known would otherwise keep it.
  @Test
  void whatIsKnownForTheFirstTimeAndWhatIsNotKnownAnyMoreAreNews() throws Exception {
    set("{}");
    UplinkWatch watch = watch();
    watch.readSettings();
    look(watch, 1);
    assertThat(changes).hasValue(1);
    look(watch, 5);
    assertThat(changes).as("nothing more is known").hasValue(1);
    assertThat(log()).doesNotContain("uplink of PF");
    set("{\"action\": \"off\"}");
    watch.readSettings();
    assertThat(changes).hasValue(2);
    set("{\"action\": \"off\", \"downAfter\": 2}");
    watch.readSettings();
    assertThat(changes).hasValue(2);
  }

  @Test
  void bothAtOnceAreAStorm() throws Exception {
    set("{}");
    UplinkWatch watch = watch();
    watch.readSettings();
    ports.replaceAll((_, _) -> SILENT);
    look(watch, 3);
    assertThat(watch.isStorm()).contains(true);
    assertThat(watch.storm()).contains("2 of 2 uplinks turned bad within 10 s");
    ports.replaceAll((_, _) -> WELL);
    look(watch, 40);
    assertThat(watch.isStorm()).contains(false);
    assertThat(log()).containsOnlyOnce("a storm, in which").containsOnlyOnce("the storm is over");
  }

  @Test
  void withoutAFileNothingIsWatched() {
    UplinkWatch watch =
        watch(_ -> {
          throw new AssertionError("nobody wants to know");
        });
    watch.follow();
    watch.look();
    assertThat(watch.isStorm()).isEmpty();
    assertThat(watch.verdict(ONE)).isEmpty();
    assertThat(log()).isEmpty();
    assertThat(watch.hasThread()).isFalse();
  }

  @Test
  void settingsThatAreBrokenLeaveThoseBefore() throws Exception {
    UplinkWatch watch = watch();
    set("{\"downAfter\": 1}");
    watch.readSettings();
    set("{\"downAfter\": 0}");
    watch.readSettings();
    watch.readSettings();
    ports.put(ONE, SILENT);
    look(watch, 1);
    assertThat(watch.verdict(ONE)).map(Reading::isBad).contains(true);
    assertThat(log())
        .containsOnlyOnce(
            "cannot be used: downAfter is 0: it must be an integer from 1 to 30; what was set"
                + " before stays");
  }

  @Test
  void settingsThatAreBrokenAtTheStartObserve() throws Exception {
    UplinkWatch watch = watch();
    set("{");
    watch.readSettings();
    assertThat(watch.isStorm()).contains(false);
    assertThat(log()).contains("uplinks are observed as by an empty object");
    set("{\"action\": \"off\"}");
    watch.readSettings();
    assertThat(watch.isStorm()).isEmpty();
    assertThat(log()).contains("uplinks: off, by");
  }

  /// As a directory, or a pipe that would have whoever opens it wait.
  @Test
  void whatIsNoFileIsNotOpened() throws Exception {
    Files.createDirectory(settings());
    UplinkWatch watch = watch();
    watch.readSettings();
    assertThat(log()).contains("cannot be used: it is no file");
  }

  @Test
  void whatCannotBeLookedAtIsToldOnceAndSwitchesNothingOn() throws Exception {
    Files.createSymbolicLink(settings(), settings());
    UplinkWatch watch = watch();
    watch.follow();
    watch.follow();
    assertThat(log()).containsOnlyOnce("cannot be read: ").contains("; no uplink is watched");
    assertThat(watch.hasThread()).isFalse();
  }

  @Test
  void anUplinkThatIsBadAtTheFirstLookIsTold() throws Exception {
    set("{\"downAfter\": 1}");
    ports.put(ONE, SILENT);
    UplinkWatch watch = watch();
    watch.readSettings();
    look(watch, 2);
    assertThat(log()).containsOnlyOnce("uplink of PF ens1f0 (").doesNotContain("PF ens2f0");
    assertThat(changes).hasValue(1);
  }

  @Test
  void aBondLeavesTheSwitchThatFellSilentAndReturnsWhenTheSettingsGo() throws Exception {
    bonds.add("c1", ONE, TWO);
    set("{\"action\": \"demote\"}");
    UplinkWatch watch = watch();
    watch.readSettings();
    ports.put(ONE, SILENT);
    look(watch, 5);
    assertThat(bonds.judged).as("what is left of an earlier agent goes first").isEmpty();
    assertThat(watch.begin()).isTrue();
    look(watch, 1);
    assertThat(bonds.judged).containsExactly("c1 demote of [" + ONE + "]");
    set("{}");
    watch.readSettings();
    look(watch, 1);
    assertThat(bonds.judged).last().isEqualTo("c1 restored");
    assertThat(bonds.demoted).isEmpty();
  }

  @Test
  @Timeout(60)
  void theThreadOutlivesItsSettingsUntilNobodyIsDemoted() throws Exception {
    bonds.add("c1", ONE, TWO);
    bonds.demoted.add(SomeBonds.key("c1"));
    bonds.refusals.set(1);
    set("{\"action\": \"demote\"}");
    try (UplinkWatch watch = watch(_ -> Map.copyOf(ports))) {
      watch.follow();
      Files.delete(settings());
      while (watch.hasThread()) {
        seconds.addAndGet(60);
        Thread.sleep(10);
      }
    }
    assertThat(bonds.demoted).isEmpty();
    assertThat(bonds.judged).endsWith("c1 refused", "c1 restored");
  }

  @Test
  void withVfLinkStateBondsLeaveAndOtherVfsLoseTheirLink() throws Exception {
    bonds.add("c1", ONE, TWO);
    set("{\"action\": \"vfLinkState\"}");
    UplinkWatch watch = watch();
    watch.readSettings();
    assertThat(watch.begin()).isTrue();
    ports.put(ONE, SILENT);
    look(watch, 5);
    assertThat(bonds.demoted).hasSize(1);
    assertThat(vfs.disabled).containsExactly(ONE);
    watch.close();
    look(watch, 5);
    assertThat(watch.restore()).isTrue();
    assertThat(bonds.demoted).isEmpty();
    assertThat(vfs.disabled).isEmpty();
  }

  /// Bonds come first, and their time is theirs.
  @Test
  void atTheEndWhatBondsWaitForKeepsNoVfFromItsLink() throws Exception {
    bonds.add("c1", ONE, TWO);
    set("{\"action\": \"vfLinkState\"}");
    UplinkWatch watch = watch();
    watch.readSettings();
    assertThat(watch.begin()).isTrue();
    ports.put(ONE, SILENT);
    look(watch, 5);
    watch.close();
    List<Set<PciAddress>> seen = new ArrayList<>();
    bonds.meanwhile =
        () -> {
          seen.add(Set.copyOf(vfs.disabled));
          seconds.addAndGet(60);
          throw new IllegalStateException("seeded");
        };
    assertThat(watch.restore()).isFalse();
    assertThat(seen).as("bonds first").first().isEqualTo(Set.of(ONE));
    assertThat(vfs.disabled).isEmpty();
  }

  @Test
  @Timeout(60)
  void aThreadLooksAsLongAsThereIsAFileAndADefectIsNotItsEnd() throws Exception {
    CountDownLatch looks = new CountDownLatch(2);
    set("{}");
    try (UplinkWatch watch =
        watch(_ -> {
          looks.countDown();
          throw new IllegalStateException("seeded");
        })) {
      watch.follow();
      watch.follow();
      assertThat(looks.await(50, TimeUnit.SECONDS)).isTrue();
      assertThat(watch.hasThread()).isTrue();
      Files.delete(settings());
      while (watch.hasThread()) {
        Thread.sleep(10);
      }
    }
    assertThat(log()).contains("because of a defect", "watches no uplinks any more");
  }
}
