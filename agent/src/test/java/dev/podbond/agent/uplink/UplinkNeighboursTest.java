package dev.podbond.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.HostMaster;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.value.PciAddress;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the agent makes of whom it hears at the other end of a cable.
final class UplinkNeighboursTest extends WatchedUplinks {
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
}
