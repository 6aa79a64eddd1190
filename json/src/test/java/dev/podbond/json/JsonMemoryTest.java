package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Text from others takes little memory, and none once nobody uses it.
class JsonMemoryTest {
  private static String onlyName(String document) throws JsonException {
    return Json.parseObject(document).members().keySet().iterator().next();
  }

  /// The parser would keep the names for its whole life: a few hundred documents with long names
  /// would fill an agent's heap.
  @Test
  void namesOfMembersAreForgottenWithTheirDocument() throws Exception {
    String document = "{\"%s\": 0}".formatted("n".repeat(Json.MAX_NAME_CHARS));
    assertThat(onlyName(document)).isEqualTo(onlyName(document)).isNotSameAs(onlyName(document));
  }

  @Test
  void theShortestValuesAreThereOnce() throws Exception {
    for (String value : List.of("0", "42", "\"\"", "\"x\"", "{}", "true", "null")) {
      JsonArray array = (JsonArray) Json.parse("[" + value + "," + value + "]");
      assertThat(array.elements().getFirst()).isSameAs(array.elements().getLast());
      assertThat(array).hasToString("[" + value + "," + value + "]");
    }
    for (String value : List.of("-1", "100", "1.0", "0e0", "\"xy\"", "\"\u00e9\"")) {
      assertThat(Json.parse(value)).hasToString(value);
    }
    assertThat(onlyName("{\"a\": 0}")).isSameAs(onlyName("{\"a\": 1}"));
  }

  @Test
  void anObjectIsTheSameHoweverManyMembersItHas() throws Exception {
    for (int size = 0; size < 12; size++) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      IntStream.range(0, size).forEach(i -> members.put("m" + i, JsonNumber.of(i)));
      JsonObject object = new JsonObject(members);
      assertThat(object.members()).isEqualTo(members).hasSameHashCodeAs(members);
      assertThat(members).isEqualTo(object.members());
      assertThat(object.members().keySet()).containsExactlyElementsOf(members.keySet());
      assertThat(object.get("m3").isPresent()).isEqualTo(size > 3);
      assertThat(Json.parseObject(object.toString())).isEqualTo(object);
      members.put("later", JsonNull.NULL);
      assertThat(object.members()).hasSize(size);
    }
  }
}
