package dev.podbond.cli.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkListTest {

  @TempDir Path dir;

  private static List<String> types(NetworkList list) throws CniException {
    List<String> types = new ArrayList<>();
    for (NetworkConfig plugin : list.plugins()) {
      types.add(plugin.type().orElseThrow());
    }
    return types;
  }

  @Test
  void aListGivesItsPluginsInOrder() throws Exception {
    NetworkList list =
        NetworkList.parse(
            """
            {"cniVersion":"1.0.0","name":"n","disableCheck":true,"disableGC":"true",
             "plugins":[{"type":"bond"},{"type":"tuning"}]}\
            """);

    assertThat(types(list)).containsExactly("bond", "tuning");
    assertThat(list.version()).isEqualTo(CniVersion.V1_0_0);
    assertThat(list.disableCheck()).isTrue();
  }

  @Test
  void theConfigurationOfOnePluginIsAListOfOne() throws Exception {
    NetworkList list =
        NetworkList.parse("{\"cniVersion\":\"0.3.1\",\"name\":\"n\",\"type\":\"bond\"}");

    assertThat(types(list)).containsExactly("bond");
    assertThat(list.version()).isEqualTo(CniVersion.V0_3_1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "\"cniVersion\":\"1.0.0\",\"cniVersions\":[\"0.4.0\",\"1.1.0\"] | 1.1.0",
        "\"cniVersion\":\"1.0.0\",\"cniVersions\":[\"9.0.0\"]           | 1.0.0",
        "\"cniVersions\":[\"0.4.0\",\"1.0.0\",\"9.0.0\"]                | 1.0.0",
        "\"cniVersions\":[]                                             | 0.1.0",
        "\"x\":1                                                        | 0.1.0",
      })
  void theNewestKnownVersionCounts(String members, String expected) throws Exception {
    NetworkList list =
        NetworkList.parse("{\"name\":\"n\",\"plugins\":[{\"type\":\"bond\"}]," + members + "}");

    assertThat(list.version()).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{                                                             | 6",
        "{\"plugins\":[{\"type\":\"bond\"}]}                           | 7",
        "{\"name\":\"n\",\"plugins\":[]}                               | 7",
        "{\"name\":\"n\",\"plugins\":[{}]}                             | 7",
        "{\"name\":\"n\",\"plugins\":{}}                               | 6",
        "{\"name\":\"n\",\"plugins\":[1]}                              | 6",
        "{\"name\":\"n\",\"type\":\"a\",\"cniVersion\":\"7\"}          | 1",
        "{\"name\":\"n\",\"type\":\"a\",\"disableCheck\":\"yes\"}      | 6",
        "{\"name\":\"n\",\"type\":\"a\",\"cniVersions\":[1]}           | 6",
      })
  void aListThatIsWrongIsRefused(String text, int code) {
    assertThatThrownBy(() -> NetworkList.parse(text))
        .isInstanceOfSatisfying(
            CniException.class, e -> assertThat(e.code().value()).isEqualTo(code));
  }
}
