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
    for (String value : List.of("0", "9", "42", "99", "\"\"", "\"x\"", "{}", "true", "null")) {
      JsonArray array = (JsonArray) Json.parse("[" + value + "," + value + "]");
      assertThat(array.elements().getFirst()).isSameAs(array.elements().getLast());
      assertThat(array).hasToString("[" + value + "," + value + "]");
    }
    // The characters of one byte end before U+0080.
    for (String value : List.of("-1", "100", "1.0", "0e0", "\"xy\"", "\"\u0080\"", "\"\u00e9\"")) {
      assertThat(Json.parse(value)).hasToString(value);
    }
    assertThat(onlyName("{\"\u0080\": 0}")).isEqualTo("\u0080");
    assertThat(onlyName("{\"a\": 0}")).isSameAs(onlyName("{\"a\": 1}"));
  }

  private static JsonObject ofSize(int members) {
    JsonObject.Builder object = JsonObject.builder();
    IntStream.range(0, members).forEach(i -> object.put("m" + i, i));
    return object.build();
  }

  /// A short text can have many small objects, but only a long one many large ones.
  @Test
  void onlyALargeObjectHasAHashTable() {
    assertThat(ofSize(1).members()).isInstanceOf(FewMembers.class);
    assertThat(ofSize(FewMembers.MOST).members()).isInstanceOf(FewMembers.class);
    assertThat(ofSize(FewMembers.MOST + 1).members()).isNotInstanceOf(FewMembers.class);
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
      assertThat(object.members().containsKey("m3")).isEqualTo(size > 3);
      assertThat(new JsonObject(object.members())).isEqualTo(object);
      assertThat(Json.parseObject(object.toString())).isEqualTo(object);
      members.put("later", JsonNull.NULL);
      assertThat(object.members()).hasSize(size);
    }
  }
}
