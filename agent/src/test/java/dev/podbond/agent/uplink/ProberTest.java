package dev.podbond.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.value.PciAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Whom hosts are asked among, in looks once a second.
final class ProberTest {
  private static final PciAddress PF = new PciAddress(0, 1, 0, 0);
  private static final ProbePath PATH = new ProbePath(PF, OptionalInt.empty());

  private final SomeHosts hosts = new SomeHosts();
  private final Prober prober = new Prober(hosts);
  private int now;

  private static UplinkSettings every(int seconds) throws Exception {
    return UplinkSettings.parse(
        """
        {"signals": ["probe"],
         "probe": {"intervalSeconds": %d, "targets": [{"address": "192.0.2.1"}]}}
        """
            .formatted(seconds)
            .getBytes(StandardCharsets.UTF_8));
  }

  private Optional<Reading> look(UplinkSettings settings) {
    return Optional.ofNullable(
        prober.look(List.of(PF), settings, Duration.ofSeconds(now++)).readings().get(PATH));
  }

  @Test
  void aHostThatAnswersIsAskedAlone() throws Exception {
    for (int i = 0; i < 20; i++) {
      Optional<Reading> _ = look(every(5));
    }
    assertThat(hosts.asked).isEqualTo(4);
    assertThat(hosts.askedEverybody).isZero();
  }

  @Test
  void oneThatHasAnotherMacIsFoundInTheSameRound() throws Exception {
    assertThat(look(every(5))).isEmpty();
    assertThat(look(every(5))).contains(Reading.good());
    hosts.moved.add(PATH);
    for (int i = 2; i < 7; i++) {
      assertThat(look(every(5))).as("look %d", i).isEmpty();
    }
    assertThat(look(every(5))).contains(Reading.good());
    assertThat(hosts.askedEverybody).isEqualTo(1);
  }

  @Test
  void silenceIsBadAfterEverybodyWasAsked() throws Exception {
    assertThat(look(every(2))).isEmpty();
    assertThat(look(every(2))).contains(Reading.good());
    hosts.silent.add(PATH);
    assertThat(look(every(2))).as("asked alone").isEmpty();
    assertThat(look(every(2))).as("everybody is asked").isEmpty();
    assertThat(hosts.askedEverybody).isEqualTo(1);
    assertThat(look(every(2))).contains(new Reading.Bad("no answer from 192.0.2.1"));
  }

  @Test
  void eachSecondEverybodyIsAskedAtOnce() throws Exception {
    assertThat(look(every(1))).isEmpty();
    assertThat(look(every(1))).contains(Reading.good());
    hosts.silent.add(PATH);
    assertThat(look(every(1))).contains(new Reading.Bad("no answer from 192.0.2.1"));
    assertThat(hosts.askedEverybody).isZero();
  }
}
