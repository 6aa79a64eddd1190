package dev.podbond.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworkPluginsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"a"}                                  | [{"type":"a"}]
          {"name":"n","plugins":[{"type":"a"},{"x":1}]} | [{"type":"a","name":"n"}, {"x":1,"name":"n"}]
          {"Plugins":[{"type":"a","name":"own"},7]}     | [{"type":"a","name":""}]
          {"type":"a","plugins":[{"type":"b"}]}         | [{"type":"a","plugins":[{"type":"b"}]}, {"type":"b","name":""}]
          {"plugins":{"type":"a"}}                      | []
          {}                                            | []
          """)
  void arePluginsOfAListOrTheOne(String network, String plugins) throws Exception {
    assertThat(NetworkPlugins.of(Json.parseObject(network))).hasToString(plugins);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"a"}                        | {"type":"a","is":"last"}
          {"plugins":[{"type":"a"},{}],"x":1} | {"x":1,"plugins":[{"type":"a","is":"not"},{"is":"last"}]}
          {"Plugins":[{},7]}                  | {"plugins":[{"is":"not"},7]}
          """)
  void areChangedWhereTheyStand(String network, String changed) throws Exception {
    JsonObject all =
        NetworkPlugins.changed(
            Json.parseObject(network),
            (plugin, isLast) -> plugin.with("is", new JsonString(isLast ? "last" : "not")));

    assertThat(all).hasToString(changed);
  }
}
