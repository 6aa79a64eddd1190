package dev.podbond.cluster.nodestate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.bonding.redundancy.HowKnown;
import dev.podbond.cluster.yaml.YamlReader;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The schema is written by hand: it has exactly the fields that are written, and exactly their
/// limits, so that no API server refuses or prunes what a reporter writes.
final class NodeStateSchemaTest {
  private static final Path CRD = Path.of("../packaging/chart/templates/bondnodestates.yaml");
  private static final String LONG = "x".repeat(1000);

  /// The most that was seen at each place with a limit, and that limit.
  private final Map<String, Integer> most = new HashMap<>();

  private final Map<String, Integer> limits = new HashMap<>();

  @Test
  void hasTheFieldsAndLimitsOfWhatIsWritten() throws Exception {
    JsonObject schema = status();
    for (NodeState state : List.of(ofLongTexts(), ofManyBonds())) {
      compare("status", schema, state.toJson());
    }
    assertThat(limits).hasSizeGreaterThan(20);
    assertThat(most).isEqualTo(limits);
  }

  private static NodeState ofLongTexts() {
    List<JsonValue> members = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      members.add(
          JsonObject.builder()
              .put("name", LONG)
              .put("mii", "down")
              .put("pci", i + LONG)
              .put("pf", "pf" + LONG)
              .put("pfPci", i == 0 ? "0000:00:00.0" : i + LONG)
              .put("driver", LONG)
              .build());
    }
    JsonObject bond =
        Answers.degraded()
            .with("pod", new JsonString(LONG + "/" + LONG))
            .with("configured", JsonNumber.of(70))
            .with("members", new JsonArray(members))
            .with("problems", JsonArray.ofStrings(Collections.nCopies(9, LONG)))
            .with("survives", nothing())
            .with("transitions", JsonArray.of(JsonObject.of("cause", new JsonString(LONG))));
    for (String key :
        List.of(
            "bond", "container", "network", "mode", "active", "podUID", "lacpPartner", "vfLag")) {
      bond = bond.with(key, new JsonString(LONG));
    }
    JsonObject answer =
        Answers.of(
                """
                [{"pci": "0000:00:00.0", "carrier": true,
                  "upstream": {"state": "bad", "why": "%1$s", "watched": true},
                  "neighbour": {"chassis": "%1$s", "port": "%1$s", "systemName": "%1$s"}}]
                """
                    .formatted(LONG),
                bond)
            .with("uplinkStorm", new JsonString(LONG));
    return NodeStateCollector.collect(LONG, NodeState.NONE, answer);
  }

  /// As of members that share a part with the longest name, and more answers than failures.
  private static JsonArray nothing() {
    List<JsonValue> answers = new ArrayList<>();
    for (Failure failure : Failure.values()) {
      JsonObject answer =
          JsonObject.of(
              "failure",
              new JsonString(failure.toString()),
              "answer",
              new JsonString("No"),
              "how",
              new JsonString(HowKnown.SWITCH_ID.toString()),
              "shared",
              new JsonString("a".repeat(64)));
      answers.addAll(List.of(answer, answer));
    }
    return new JsonArray(answers);
  }

  /// An API server would refuse a whole report for one word.
  @Test
  void hasEveryWordOfAnswers() throws Exception {
    JsonObject bonds = LenientObject.object(LenientObject.object(status(), "properties"), "bonds");
    JsonObject bond = LenientObject.object(LenientObject.object(bonds, "items"), "properties");
    JsonObject answers = LenientObject.object(LenientObject.object(bond, "survives"), "items");
    JsonObject words = LenientObject.object(answers, "properties");
    assertThat(LenientObject.texts(LenientObject.object(words, "failure"), "enum"))
        .isEqualTo(Stream.of(Failure.values()).map(Failure::toString).toList());
    assertThat(LenientObject.texts(LenientObject.object(words, "how"), "enum"))
        .isEqualTo(Stream.of(HowKnown.values()).map(HowKnown::toString).toList());
    JsonObject members = LenientObject.object(LenientObject.object(bond, "members"), "items");
    JsonObject state = LenientObject.object(LenientObject.object(members, "properties"), "state");
    assertThat(LenientObject.texts(state, "enum"))
        .isEqualTo(Stream.of(MemberEntry.State.values()).map(MemberEntry.State::toString).toList());
  }

  private static NodeState ofManyBonds() {
    JsonObject[] bonds = new JsonObject[600];
    for (int i = 0; i < bonds.length; i++) {
      bonds[i] =
          Answers.degraded()
              .with("container", new JsonString("c" + i))
              .with("podUID", new JsonString("u"))
              .with("lacpPartner", new JsonString("02:00:00:00:00:01"))
              .with("vfLag", new JsonString("bond7"));
    }
    JsonObject answer = Answers.of(bonds).with("uplinkStorm", new JsonString("2 of 2"));
    return NodeStateCollector.collect("1", NodeState.NONE, answer);
  }

  private void compare(String at, JsonObject schema, JsonValue value) {
    String type = LenientObject.text(schema, "type").orElse("none");
    switch (value) {
      case JsonObject object -> {
        assertThat(type).as(at).isEqualTo("object");
        JsonObject properties = LenientObject.object(schema, "properties");
        assertThat(object.members().keySet())
            .as(at)
            .containsAll(LenientObject.texts(schema, "required"))
            .isSubsetOf(properties.members().keySet());
        if (!at.endsWith("pfs[]") && !at.endsWith("survives[]")) {
          assertThat(object.members().keySet()).as(at).containsAll(properties.members().keySet());
        }
        object
            .members()
            .forEach((key, member) ->
                compare(at + "." + key, LenientObject.object(properties, key), member));
      }
      case JsonArray array -> {
        assertThat(type).as(at).isEqualTo("array");
        note(at, schema, "maxItems", array.elements().size());
        array.stream()
            .forEach(element -> compare(at + "[]", LenientObject.object(schema, "items"), element));
      }
      case JsonString(String text) -> {
        assertThat(type).as(at).isEqualTo("string");
        List<String> words = LenientObject.texts(schema, "enum");
        if (!words.isEmpty()) {
          assertThat(words).as(at).contains(text);
        } else if (LenientObject.text(schema, "format").isEmpty()) {
          note(at, schema, "maxLength", text.length());
        }
      }
      default ->
          assertThat(type).as(at).isEqualTo(value instanceof JsonNumber ? "integer" : value.kind());
    }
  }

  private void note(String at, JsonObject schema, String limit, int found) {
    limits.put(at, LenientObject.number(schema, limit).orElse(-1));
    most.merge(at, found, Math::max);
  }

  private static JsonObject status() throws Exception {
    JsonObject crd =
        (JsonObject) YamlReader.read(CRD.toString(), Files.readString(CRD)).getFirst().toJson();
    JsonObject version =
        LenientObject.objects(LenientObject.object(crd, "spec"), "versions").getFirst();
    JsonObject schema =
        LenientObject.object(LenientObject.object(version, "schema"), "openAPIV3Schema");
    return LenientObject.object(LenientObject.object(schema, "properties"), "status");
  }
}
