package dev.podbond.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonRoundTripTest {
  private static final int RUNS = Integer.getInteger("property.runs", 5_000);

  @Test
  void whatIsWrittenReadsBackEqualInBothFormsAndInOrder() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    RandomJson trees = new RandomJson(new Random(seed));
    for (int i = 0; i < RUNS; i++) {
      JsonValue tree = trees.value(5);

      JsonValue compact = Json.parse(tree.toString());
      JsonValue pretty = Json.parse(tree.toPrettyString());
      JsonValue bytes = Json.parse(tree.toString().getBytes(UTF_8));

      assertThat(compact).as("seed %d, tree %d", seed, i).isEqualTo(tree);
      assertThat(pretty).as("seed %d, tree %d", seed, i).isEqualTo(tree);
      assertThat(bytes).as("seed %d, tree %d", seed, i).isEqualTo(tree);
      assertThat(compact).as("seed %d, tree %d", seed, i).hasToString(tree.toString());
    }
  }

  @Test
  void aNumberKeepsItsText() throws Exception {
    String text = "[1,1.0,1e0,-0,12345678901234567890123,0.10,1E+2]";

    assertThat(Json.parse(text)).hasToString(text);
  }

  @Test
  void aLoneSurrogateIsEscapedSoThatItSurvivesUtf8() throws Exception {
    JsonString lone = new JsonString("a\ud800b");

    assertThat(lone).hasToString("\"a\\ud800b\"");
    assertThat(Json.parse(lone.toString().getBytes(UTF_8))).isEqualTo(lone);
  }

  @Test
  void thePrettyFormIsThatOfGosMarshalIndent() {
    JsonObject tree =
        JsonObject.builder()
            .put("cniVersion", "1.0.0")
            .put("empty", JsonObject.of())
            .put("none", JsonArray.of())
            .put("ips", JsonArray.of(JsonObject.of("interface", JsonNumber.of(0))))
            .put("ok", true)
            .build();

    assertThat(tree.toPrettyString())
        .isEqualTo(
            """
            {
                "cniVersion": "1.0.0",
                "empty": {},
                "none": [],
                "ips": [
                    {
                        "interface": 0
                    }
                ],
                "ok": true
            }\
            """);
  }

  @Test
  void equalityDoesNotAskForTheOrderOfMembersButTextKeepsIt() throws Exception {
    JsonObject one = Json.parseObject("{\"a\":1,\"b\":2}");
    JsonObject two = Json.parseObject("{\"b\":2,\"a\":1}");

    assertThat(one).isEqualTo(two);
    assertThat(List.of(one.toString(), two.toString()))
        .containsExactly("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}");
  }
}
