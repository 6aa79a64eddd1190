package dev.podbond.bonding.uplink;

import static dev.podbond.bonding.fixture.Configurations.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.uplink.PublishedUplinks.Content;
import dev.podbond.bonding.uplink.PublishedUplinks.Part;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an operator writes for all nodes, and what each node reads of it.
final class PublishedUplinksTest {
  private static final Content DEMOTE = new Content.Settings(json("{'action':'demote'}"));

  private static byte[] bytes(PublishedUplinks published) {
    return published.json().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> nodes(int count, String name) {
    return IntStream.range(0, count).mapToObj(i -> name + i).toList();
  }

  @Test
  void eachNodeFindsItsOwnPartAndNoOther() throws Exception {
    byte[] text =
        bytes(
            new PublishedUplinks(
                List.of(
                    new Part("racks", List.of("n1", "n2"), DEMOTE),
                    new Part("edge", List.of("n11"), new Content.Unusable("it is wrong")))));
    assertThat(PublishedUplinks.of(text, "n2")).contains(new Part("racks", List.of("n2"), DEMOTE));
    assertThat(PublishedUplinks.of(text, "n11"))
        .contains(new Part("edge", List.of("n11"), new Content.Unusable("it is wrong")));
    for (String other : List.of("n", "1", "n111", "", "n1,n2", "racks")) {
      assertThat(PublishedUplinks.of(text, other)).as(other).isNotPresent();
    }
  }

  @Test
  void whatALaterReleaseAddsIsPassedOver() throws Exception {
    byte[] text =
        "{\"format\":2,\"monitors\":[{\"name\":\"m\",\"nodes\":\"n1\",\"since\":7,\"settings\":{}}]}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(PublishedUplinks.of(text, "n1"))
        .map(Part::content)
        .contains(new Content.Settings(JsonObject.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"monitors\":7}",
        "{\"monitors\":[7,{},{\"nodes\":[\"n1\"]},{\"nodes\":\"\"}]}"
      })
  void inAnotherShapeThereIsNothingForAnybody(String text) throws Exception {
    assertThat(PublishedUplinks.of(text.getBytes(StandardCharsets.UTF_8), "n1")).isEmpty();
    assertThat(PublishedUplinks.of(text.getBytes(StandardCharsets.UTF_8), "")).isEmpty();
  }

  @Test
  void settingsThatAreNoObjectAreUnusable() throws Exception {
    for (String settings : List.of("", ",\"settings\":[]", ",\"settings\":\"{}\"")) {
      String text = "{\"monitors\":[{\"name\":\"m\",\"nodes\":\"n1\"%s}]}".formatted(settings);
      assertThat(PublishedUplinks.of(text.getBytes(StandardCharsets.UTF_8), "n1"))
          .as(text)
          .map(Part::content)
          .contains(new Content.Unusable("it has no settings"));
    }
  }

  @Test
  void textsWithoutEndAreNotRead() {
    byte[] many =
        ("{\"monitors\":[" + String.join(",", Collections.nCopies(20_001, "1")) + "]}")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> PublishedUplinks.of(many, "n1")).isInstanceOf(JsonException.class);
    byte[] known = ("{\"x\":\"" + "x".repeat(512 * 1024) + "\"}").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> PublishedUplinks.of(known, "n1")).isInstanceOf(JsonException.class);
  }

  /// With names as long as those of a cloud.
  @Test
  void aClusterOf5000NodesHasRoom() throws Exception {
    List<String> names = nodes(5_000, "ip-10-128-100-100.eu-central-1.compute.internal-node-");
    Part all = new Part("all", names, DEMOTE);
    PublishedUplinks published = PublishedUplinks.fitting(List.of(all));
    assertThat(published.parts()).containsExactly(all);
    assertThat(PublishedUplinks.of(bytes(published), names.getLast())).isPresent();
  }

  @Test
  void whatHasNoRoomIsLeftOutAndTheRestIsReadable() throws Exception {
    Part first = new Part("first", nodes(10, "a"), DEMOTE);
    Part large = new Part("large", nodes(3_000, "b".repeat(250)), DEMOTE);
    JsonObject list =
        JsonObject.of("signals", new JsonArray(Collections.nCopies(19_990, JsonNumber.of(1))));
    Part many = new Part("many", List.of("c"), new Content.Settings(list));
    Part last = new Part("last", nodes(10, "d"), DEMOTE);
    PublishedUplinks published = PublishedUplinks.fitting(List.of(first, large, many, last));
    assertThat(published.parts()).containsExactly(first, last);
    assertThat(PublishedUplinks.of(bytes(published), "d9")).isPresent();
  }

  /// As many as fit are read, to the last byte and value.
  @Test
  void howeverManyAreWantedWhatFitsIsRead() throws Exception {
    for (int chars : List.of(1, 300)) {
      List<Part> wanted = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        wanted.add(
            new Part("m" + i, List.of("n" + i + "x".repeat(chars)), new Content.Unusable("é")));
      }
      PublishedUplinks published = PublishedUplinks.fitting(wanted);
      assertThat(published.parts()).hasSizeGreaterThan(1_000).hasSizeLessThan(10_000);
      Part last = published.parts().getLast();
      assertThat(PublishedUplinks.of(bytes(published), last.nodes().getFirst())).contains(last);
    }
  }
}
