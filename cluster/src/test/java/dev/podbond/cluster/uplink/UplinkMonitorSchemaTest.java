package dev.podbond.cluster.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.cluster.yaml.YamlReader;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// The schema is written by hand: it has the members, words and limits of the parser of a node's
/// own file.
final class UplinkMonitorSchemaTest {
  private static final Path CRD = Path.of("../packaging/chart/templates/uplinkmonitors.yaml");

  /// How many limits were compared.
  private int compared;

  @Test
  void hasTheMembersAndLimitsOfTheParser() throws Exception {
    JsonObject spec = properties(spec()).without("nodeSelector");
    compare(spec, object -> object);
    compare(
        properties(LenientObject.object(spec, "probe")), object -> JsonObject.of("probe", object));
    compare(
        properties(LenientObject.object(spec, "storm")), object -> JsonObject.of("storm", object));
    JsonObject target =
        LenientObject.object(
            LenientObject.object(properties(LenientObject.object(spec, "probe")), "targets"),
            "items");
    compare(
        properties(target),
        object ->
            JsonObject.of(
                "probe",
                JsonObject.of(
                    "targets",
                    JsonArray.of(
                        object.get("address").isPresent()
                            ? object
                            : object.with("address", new JsonString("192.0.2.1"))))));
    assertThat(compared).as("that it looks at all").isEqualTo(10);
  }

  @Test
  void hasTheParsersWords() throws Exception {
    JsonObject spec = properties(spec());
    assertThat(problems(json("{'action':'x'}")))
        .isEqualTo(
            "action is \"x\": it must be "
                + String.join(
                    " or ",
                    LenientObject.texts(LenientObject.object(spec, "action"), "enum").stream()
                        .map(word -> '"' + word + '"')
                        .toList()));
    assertThat(problems(json("{'signals':'x'}")))
        .isEqualTo(
            "signals is \"x\": it must be a list of "
                + String.join(
                    ", ",
                    LenientObject.texts(
                        LenientObject.object(LenientObject.object(spec, "signals"), "items"),
                        "enum")));
  }

  @Test
  void hasAsManyTargetsAsTheParser() throws Exception {
    int most =
        LenientObject.number(
                LenientObject.object(
                    properties(LenientObject.object(properties(spec()), "probe")), "targets"),
                "maxItems")
            .orElseThrow();
    assertThat(problems(targets(most))).isEmpty();
    assertThat(problems(targets(most + 1))).contains("at most " + most + " can be asked");
  }

  private static JsonObject targets(int count) {
    List<JsonValue> targets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      targets.add(JsonObject.of("address", new JsonString("192.0.2.1")));
    }
    return JsonObject.of("probe", JsonObject.of("targets", new JsonArray(targets)));
  }

  /// The parser says which members it knows, and where each number ends.
  private void compare(JsonObject properties, UnaryOperator<JsonObject> place) {
    String known =
        problems(place.apply(JsonObject.of("?", JsonNumber.of(1))))
            .replaceFirst("(?s).*the members are ([a-zA-Z, ]*).*", "$1");
    assertThat(properties.members().keySet())
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(known.split(", ", -1)));
    for (String key : properties.members().keySet()) {
      JsonObject property = LenientObject.object(properties, key);
      if (LenientObject.text(property, "type").orElseThrow().equals("integer")) {
        int least = LenientObject.number(property, "minimum").orElseThrow();
        int most = LenientObject.number(property, "maximum").orElseThrow();
        String limits = key + " is %d: it must be an integer from " + least + " to " + most;
        for (int wrong : new int[] {least - 1, most + 1}) {
          assertThat(problems(place.apply(JsonObject.of(key, JsonNumber.of(wrong)))))
              .contains(limits.formatted(wrong));
        }
        compared++;
      }
      if (LenientObject.text(property, "type").orElseThrow().equals("boolean")) {
        assertThat(problems(place.apply(JsonObject.of(key, JsonNumber.of(1)))))
            .contains(key + " is 1: it must be true or false");
        compared++;
      }
    }
  }

  private static String problems(JsonObject settings) {
    try {
      UplinkSettings _ = UplinkSettings.parse(settings);
      return "";
    } catch (JsonException | InvalidConfigException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static JsonObject json(String text) {
    try {
      return Json.parseObject(text.replace('\'', '"'));
    } catch (JsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static JsonObject properties(JsonObject schema) {
    return LenientObject.object(schema, "properties");
  }

  private static JsonObject spec() throws Exception {
    JsonObject crd =
        (JsonObject) YamlReader.read(CRD.toString(), Files.readString(CRD)).getFirst().toJson();
    JsonObject version =
        LenientObject.objects(LenientObject.object(crd, "spec"), "versions").getFirst();
    JsonObject schema =
        LenientObject.object(LenientObject.object(version, "schema"), "openAPIV3Schema");
    return LenientObject.object(properties(schema), "spec");
  }
}
