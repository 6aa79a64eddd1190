package dev.podbond.bonding.config;

import static dev.podbond.bonding.fixture.Configurations.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The limits that the owner of a node sets.
class NodeSettingsTest {
  @Test
  void readsEveryField() throws Exception {
    assertThat(
            NodeSettings.parse(
                json(
                    "{'allowHostLinks':false,'strict':true,'multusDirectory':'/data/multus',"
                        + "'rebindVfs':'always','builtInIpam':false}")))
        .isEqualTo(new NodeSettings(false, true, "/data/multus", RebindRule.ALWAYS, false));
    assertThat(NodeSettings.parse(json("{'rebindVfs':'onSign','multusDirectory':''}")))
        .isEqualTo(NodeSettings.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'strict':'yes' | strict is \"yes\": it must be true or false",
        "'rebindVfs':'never' | rebindVfs is \"never\": it must be \"onSign\" or \"always\"",
        "'multusDirectory':'multus' | multusDirectory is \"multus\": it must be an absolute path",
        "'multusDirectory':'/a\\u0000b' | multusDirectory is \"/a\0b\": it must be an absolute path",
      })
  void refusesByKeyFoundValueAndRemedy(String members, String text) {
    InvalidConfigException refusal =
        catchThrowableOfType(
            InvalidConfigException.class, () -> NodeSettings.parse(json("{" + members + "}")));

    assertThat(refusal).as(members).isNotNull().hasMessageStartingWith(text);
    assertThat(refusal.problems()).hasSize(1);
  }

  /// Any settings.
  private static List<NodeSettings> all() {
    List<NodeSettings> all = new ArrayList<>();
    boolean[] either = {false, true};
    for (boolean hostLinksAllowed : either) {
      for (boolean strict : either) {
        for (boolean builtInIpam : either) {
          for (RebindRule rebind : RebindRule.values()) {
            for (String directory : List.of(NodeSettings.DEFAULT.multusDirectory(), "/data")) {
              all.add(new NodeSettings(hostLinksAllowed, strict, directory, rebind, builtInIpam));
            }
          }
        }
      }
    }
    return all;
  }

  @Test
  void ofTwoSettingsNeitherLiftsALimitOfTheOther() {
    for (NodeSettings one : all()) {
      for (NodeSettings other : all()) {
        NodeSettings both = one.and(other);
        assertThat(both.hostLinksAllowed())
            .isEqualTo(one.hostLinksAllowed() && other.hostLinksAllowed());
        assertThat(both.strict()).isEqualTo(one.strict() || other.strict());
        assertThat(both.builtInIpam()).isEqualTo(one.builtInIpam() && other.builtInIpam());
        assertThat(both.rebind())
            .isEqualTo(
                List.of(one.rebind(), other.rebind()).contains(RebindRule.ALWAYS)
                    ? RebindRule.ALWAYS
                    : RebindRule.ON_SIGN);
        assertThat(both).as("in either order").isEqualTo(other.and(one));
      }
      assertThat(one.and(NodeSettings.DEFAULT)).isEqualTo(one);
    }
  }

  @Test
  void ofTwoDirectoriesTheFirstThatIsNotTheDefaultCounts() {
    NodeSettings first = new NodeSettings(true, false, "/first");
    NodeSettings second = new NodeSettings(true, false, "/second");
    assertThat(first.and(second)).isEqualTo(first);
    assertThat(NodeSettings.DEFAULT.and(second)).isEqualTo(second);
  }
}
