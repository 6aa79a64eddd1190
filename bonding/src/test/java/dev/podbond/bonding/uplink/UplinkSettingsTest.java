package dev.podbond.bonding.uplink;

import static dev.podbond.bonding.fixture.Configurations.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.json.JsonException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The settings of a node's uplink monitor.
final class UplinkSettingsTest {
  @Test
  void readsEveryMember() throws Exception {
    assertThat(
            UplinkSettings.parse(
                json(
                    "{'action':'demote','signals':['probe','lacp'],"
                        + "'probe':{'intervalSeconds':2,'targets':[{'address':'192.0.2.1'},"
                        + "{'address':'2001:db8::1','vlan':7}]},'lldp':false,"
                        + "'downAfter':4,'upAfter':5,'holdDownSeconds':6,"
                        + "'longestHoldDownSeconds':70,"
                        + "'storm':{'percent':80,'windowSeconds':9,'bondsAtOnce':10}}")))
        .isEqualTo(
            new UplinkSettings(
                UplinkAction.DEMOTE,
                Set.of(Signal.PROBE, Signal.LACP),
                Duration.ofSeconds(2),
                List.of(
                    new ProbeTarget(InetAddress.ofLiteral("192.0.2.1"), OptionalInt.empty()),
                    new ProbeTarget(InetAddress.ofLiteral("2001:db8::1"), OptionalInt.of(7))),
                false,
                4,
                5,
                Duration.ofSeconds(6),
                Duration.ofSeconds(70),
                new UplinkSettings.Storm(80, Duration.ofSeconds(9), 10)));
  }

  @Test
  void anEmptyObjectObserves() throws Exception {
    assertThat(UplinkSettings.parse("{}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(UplinkSettings.DEFAULT);
    assertThat(UplinkSettings.DEFAULT.action()).isEqualTo(UplinkAction.OBSERVE);
    assertThat(UplinkSettings.DEFAULT.action().demotes()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'action':'act' | action is \"act\": it must be \"off\" or \"observe\" or \"demote\" or"
            + " \"vfLinkState\"",
        "'action':null | action is null: it must be \"off\"",
        "'actoin':'off' | actoin is not known here: the members are action, signals, probe",
        "'signals':'lacp' | signals is \"lacp\": it must be a list of carrier, lacp, probe",
        "'signals':['lacp',7] | signals[1] is 7: it must be \"carrier\" or \"lacp\" or \"probe\"",
        "'signals':[] | signals is empty: it must have at least one of carrier, lacp, probe",
        "'signals':['probe'] | probe.targets is empty: signals has probe, which needs",
        "'probe':{'interval':1} | probe.interval is not known here: the members are"
            + " intervalSeconds, targets",
        "'probe':{'targets':[{'vlan':1}]} | probe.targets[0].address is missing: name the host",
        "'probe':{'targets':[{'address':'gateway'}]} | probe.targets[0].address is \"gateway\":"
            + " it must be an IP address without a prefix",
        "'probe':{'targets':[{'address':'192.0.2.1','vlan':4095}]} | probe.targets[0].vlan is"
            + " 4095: it must be an integer from 1 to 4094",
        "'lldp':'no' | lldp is \"no\": it must be true or false",
        "'downAfter':0 | downAfter is 0: it must be an integer from 1 to 30",
        "'downAfter':31 | downAfter is 31: it must be an integer from 1 to 30",
        "'upAfter':1.5 | upAfter is 1.5: it must be an integer from 1 to 3600",
        "'holdDownSeconds':'30s' | holdDownSeconds is \"30s\": it must be an integer",
        "'holdDownSeconds':60,'longestHoldDownSeconds':59 | longestHoldDownSeconds is 59: it must"
            + " be at least holdDownSeconds, 60",
        "'storm':{'percent':101} | storm.percent is 101: it must be an integer from 1 to 100",
        "'storm':[] | storm is []: it must be an object",
        "'action':'demote','signals':['carrier'] | action is \"demote\": signals must have lacp or"
            + " probe for it",
      })
  void refusesByMemberFoundValueAndRemedy(String members, String text) {
    InvalidConfigException refusal =
        catchThrowableOfType(
            InvalidConfigException.class, () -> UplinkSettings.parse(json("{" + members + "}")));

    assertThat(refusal).as(members).isNotNull().hasMessageStartingWith(text);
    assertThat(refusal.problems()).hasSize(1);
  }

  @Test
  void namesEverythingThatIsWrong() {
    assertThatThrownBy(() -> UplinkSettings.parse(json("{'downAfter':0,'upAfter':0,'x':1}")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll("downAfter", "upAfter", "x is not known here");
  }

  @Test
  void moreThan64KiBAreNotRead() {
    byte[] long64 = ("{" + " ".repeat(64 * 1024) + "}").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> UplinkSettings.parse(long64))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("at most 65536");
  }

  @Test
  void moreHostsThanCanBeAskedAreRefused() {
    String targets = "{'address':'192.0.2.1'},".repeat(16) + "{'address':'192.0.2.2'}";
    assertThatThrownBy(() -> UplinkSettings.parse(json("{'probe':{'targets':[" + targets + "]}}")))
        .hasMessage("probe.targets has 17 hosts: at most 16 can be asked");
  }
}
