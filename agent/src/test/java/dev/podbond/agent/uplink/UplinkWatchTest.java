package dev.podbond.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.bonding.uplink.HostMaster;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.bonding.uplink.PortState;
import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.value.PciAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the agent makes of settings and of what it reads of PFs.
final class UplinkWatchTest {
  private static final PciAddress ONE = new PciAddress(0, 1, 0, 0);
  private static final PciAddress TWO = new PciAddress(0, 2, 0, 0);
  private static final PfPort WELL = lacp(0x3f);
  private static final PfPort SILENT = lacp(0x45);

  @TempDir Path scratch;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final AgentLog log = new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8));
  private final Map<PciAddress, PfPort> ports = new HashMap<>(Map.of(ONE, WELL, TWO, WELL));
  private final SomeHosts probes = new SomeHosts();
  private final SomeSpeakers lldp = new SomeSpeakers();
  private final SomeBonds bonds = new SomeBonds();
  private final SomeVfs vfs = new SomeVfs();
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicLong seconds = new AtomicLong();
  private final AtomicLong times = new AtomicLong();

  private static PfPort lacp(int partner) {
    return new PfPort.Seen(
        true,
        true,
        new HostMaster.Lacp(
            "up0", Optional.of(new PortState(0x3f)), Optional.of(new PortState(partner))));
  }

  private Path settings() {
    return scratch.resolve("uplink.json");
  }

  /// Each content is another file to whoever looks at its time.
  private void set(String content) throws Exception {
    Files.writeString(settings(), content);
    Files.setLastModifiedTime(settings(), FileTime.fromMillis(1_000 * times.incrementAndGet()));
  }

  private UplinkWatch watch() {
    return watch(_ -> Map.copyOf(ports));
  }

  private UplinkWatch watch(UplinkWatch.Ports reader) {
    return new UplinkWatch(
        SettingsSource.of(settings()),
        () -> Map.of(ONE, "ens1f0", TWO, "ens2f0"),
        new UplinkWatch.Senses(reader, probes, lldp),
        changes::incrementAndGet,
        bonds,
        vfs,
        new NodeCounters(),
        log,
        () -> Duration.ofSeconds(seconds.get()));
  }

  private void look(UplinkWatch watch, int times) {
    for (int i = 0; i < times; i++) {
      seconds.incrementAndGet();
      watch.look();
    }
  }

  private String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

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

  private static String probing(int seconds, String targets) {
    return "{\"signals\": [\"carrier\", \"probe\"], \"probe\": {\"intervalSeconds\": "
        + seconds
        + ", \"targets\": ["
        + targets
        + "]}}";
  }

  private static final String HOST = "{\"address\": \"192.0.2.1\"}";
  private static final String HOST_IN_7 = "{\"address\": \"192.0.2.1\", \"vlan\": 7}";

  @Test
  void hostsThatAnswerThroughOnePfAloneMakeTheOtherBad() throws Exception {
    set(probing(1, HOST));
    UplinkWatch watch = watch();
    watch.readSettings();
    look(watch, 1);
    assertThat(watch.verdict(ONE))
        .as("an answer counts for the next look")
        .contains(new Reading.Unknown("probe: nothing was read yet"));
    look(watch, 1);
    assertThat(watch.verdict(ONE)).contains(Reading.good());
    probes.silent.add(new ProbePath(ONE, OptionalInt.empty()));
    look(watch, 4);
    assertThat(watch.verdict(ONE)).contains(new Reading.Bad("probe: no answer from 192.0.2.1"));
    assertThat(watch.verdict(TWO)).contains(Reading.good());
    assertThat(watch.isStorm()).contains(false);
    assertThat(log())
        .containsOnlyOnce(
            "uplink of PF ens1f0 (0000:01:00.0): bad: probe: no answer from 192.0.2.1, after it was"
                + " good");
  }

  @Test
  void oncePerPfAndVlanHostsAreAskedInEachInterval() throws Exception {
    set(probing(5, HOST + ", " + HOST_IN_7));
    UplinkWatch watch = watch();
    watch.readSettings();
    look(watch, 11);
    assertThat(probes.asked).isEqualTo(3 * 4);
    probes.silent.add(new ProbePath(ONE, OptionalInt.of(7)));
    look(watch, 14);
    assertThat(watch.verdict(ONE)).as("two rounds are no three").contains(Reading.good());
    look(watch, 2);
    assertThat(watch.verdict(ONE))
        .contains(new Reading.Bad("probe in VLAN 7: no answer from 192.0.2.1"));
  }

  @Test
  void whereNobodyCanBeAskedNothingIsKnown() throws Exception {
    set(probing(1, HOST));
    probes.unasked = Optional.of(new Reading.Unknown("it has no interface on the host"));
    UplinkWatch watch = watch();
    watch.readSettings();
    look(watch, 20);
    assertThat(watch.verdict(ONE))
        .contains(new Reading.Unknown("probe: it has no interface on the host"));
    assertThat(watch.isStorm()).contains(false);
  }

  @Test
  void hostsThatAreGoneAreAStormAndNobodysFault() throws Exception {
    bonds.add("c1", ONE, TWO);
    set(probing(1, HOST).replace("{\"signals\"", "{\"action\": \"demote\", \"signals\""));
    UplinkWatch watch = watch();
    watch.readSettings();
    assertThat(watch.begin()).isTrue();
    look(watch, 5);
    probes.silent.add(new ProbePath(ONE, OptionalInt.empty()));
    probes.silent.add(new ProbePath(TWO, OptionalInt.empty()));
    look(watch, 100);
    assertThat(watch.storm().orElseThrow())
        .startsWith("no probe through any of 2 uplinks is answered");
    assertThat(bonds.judged).isEmpty();
  }

  /// The other is dead for itself, and a host that one PF does not reach is no witness of silence.
  @Test
  void aPfWithoutACableDoesNotSpeakForTheHostsThoughCarrierIsNoSignal() throws Exception {
    String probesAlone = probing(1, HOST).replace("\"carrier\", ", "").replace("\"lacp\", ", "");
    assertThat(probesAlone).contains("[\"probe\"]");
    set(probesAlone);
    ports.put(TWO, new PfPort.Seen(true, false, new HostMaster.None()));
    UplinkWatch watch = watch();
    watch.readSettings();
    probes.silent.add(new ProbePath(TWO, OptionalInt.empty()));
    look(watch, 40);
    probes.silent.add(new ProbePath(ONE, OptionalInt.empty()));
    look(watch, 20);
    assertThat(watch.verdict(ONE)).map(Reading::isBad).contains(true);
    assertThat(watch.verdict(TWO)).map(Reading::isBad).contains(true);
    assertThat(watch.storm()).isEmpty();
  }

  @Test
  @Timeout(60)
  void whoIsNotToBeAskedAnyMoreIsNotListenedTo() throws Exception {
    set(probing(1, HOST));
    UplinkWatch watch = watch();
    watch.readSettings();
    look(watch, 3);
    assertThat(probes.stopped).isFalse();
    set("{}");
    watch.readSettings();
    look(watch, 1);
    assertThat(probes.stopped).isTrue();
    set(probing(1, HOST));
    try (watch) {
      watch.follow();
      while (probes.stopped) {
        Thread.sleep(10);
      }
      Files.delete(settings());
      while (watch.hasThread()) {
        Thread.sleep(10);
      }
    }
    assertThat(probes.stopped).isTrue();
    assertThat(lldp.stopped).isTrue();
  }

  private Map<PciAddress, String> neighbours(UplinkWatch watch) {
    Map<PciAddress, String> words = new HashMap<>();
    watch.neighbours().told().forEach((pf, neighbour) -> words.put(pf, neighbour.toString()));
    return words;
  }

  @Test
  void whoIsAtTheOtherEndOfACableIsHeardAndNews() throws Exception {
    set("{}");
    UplinkWatch watch = watch();
    watch.readSettings();
    look(watch, 2);
    int before = changes.get();
    lldp.say(ONE, "leaf-1", 120);
    look(watch, 2);
    assertThat(neighbours(watch)).isEqualTo(Map.of(ONE, "leaf-1, port 1"));
    assertThat(changes).hasValue(before + 1);
    lldp.say(ONE, "leaf-1", 120);
    look(watch, 1);
    assertThat(changes).as("it says the same again").hasValue(before + 1);
    lldp.say(ONE, "forged", 120);
    look(watch, 1);
    assertThat(neighbours(watch))
        .isEqualTo(Map.of(ONE, "unknown: several devices speak LLDP here"));
    assertThat(changes).hasValue(before + 2);
    assertThat(log()).doesNotContain("leaf-1");
  }

  @Test
  void whereThePfHasNoLinkNobodySpeaksAndWhoDidIsStillThere() throws Exception {
    set("{}");
    UplinkWatch watch = watch();
    watch.readSettings();
    lldp.say(ONE, "leaf-1", 120);
    look(watch, 1);
    ports.put(ONE, new PfPort.Seen(true, false, new HostMaster.None()));
    lldp.say(ONE, "late", 120);
    look(watch, 600);
    assertThat(neighbours(watch)).isEqualTo(Map.of(ONE, "leaf-1, port 1"));
    ports.put(ONE, WELL);
    lldp.say(ONE, "leaf-2", 120);
    look(watch, 1);
    assertThat(neighbours(watch)).isEqualTo(Map.of(ONE, "leaf-2, port 1"));
  }

  @Test
  void nobodyListensWhereTheSettingsSayNoOrAreGone() throws Exception {
    set("{}");
    UplinkWatch watch = watch();
    watch.readSettings();
    lldp.say(ONE, "leaf-1", 120);
    look(watch, 1);
    assertThat(lldp.stopped).isFalse();
    assertThat(neighbours(watch)).isNotEmpty();
    set("{\"lldp\": false}");
    watch.readSettings();
    look(watch, 1);
    assertThat(lldp.stopped).isTrue();
    assertThat(neighbours(watch)).isEmpty();

    set("{}");
    watch.readSettings();
    lldp.say(ONE, "leaf-1", 120);
    look(watch, 1);
    Files.delete(settings());
    watch.readSettings();
    assertThat(neighbours(watch)).isEmpty();
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
