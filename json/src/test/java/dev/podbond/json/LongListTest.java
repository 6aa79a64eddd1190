package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LongListTest {
  private final List<JsonValue> elements = new ArrayList<>();

  private JsonObject read(String text) throws JsonException {
    return LongList.read(text.getBytes(StandardCharsets.UTF_8), "list", elements::add);
  }

  @Test
  void elementsAreHandedOverAndOtherMembersReturned() throws JsonException {
    JsonObject others =
        read("{\"a\": [1], \"list\": [{\"list\": [2]}, 3, []], \"b\": {\"c\": null}}");

    assertThat(others).isEqualTo(Json.parseObject("{\"a\": [1], \"b\": {\"c\": null}}"));
    assertThat(elements)
        .containsExactly(Json.parse("{\"list\": [2]}"), Json.parse("3"), JsonArray.of());
  }

  @Test
  void whatIsNoListIsAMemberLikeAnyOther() throws JsonException {
    assertThat(read("{\"list\": 5}")).isEqualTo(Json.parseObject("{\"list\": 5}"));
    assertThat(elements).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{", "{\"list\": [1,", "{\"list\": [1,]}", "{} {}", "{\"list\": [1}}"})
  void nothingButAWholeObjectIsTaken(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(JsonException.class);
  }
}
