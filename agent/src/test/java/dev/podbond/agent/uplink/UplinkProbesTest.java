package dev.podbond.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.HostMaster;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.Reading;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the agent makes of hosts beyond the switch that answer, or do not.
final class UplinkProbesTest extends WatchedUplinks {
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
}
