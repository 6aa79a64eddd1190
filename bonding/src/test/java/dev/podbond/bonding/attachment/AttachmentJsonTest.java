package dev.podbond.bonding.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.model.World;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A written record can be read again, and anything else is refused in one way only.
class AttachmentJsonTest {
  private static final long[] SEEDS = RandomWorlds.seeds(200);

  @Test
  void everyRecordIsReadAsItWasWritten() throws Exception {
    for (long seed : SEEDS) {
      for (Attachment attachment : attachments(seed)) {
        JsonObject stored = Json.parseObject(attachment.toJson().toString());
        assertThat(Attachment.fromJson(stored)).as("seed %d", seed).isEqualTo(attachment);
      }
    }
  }

  @Test
  void alteredRecordsAreReadOrRefusedAndNothingElse() throws Exception {
    for (long seed : SEEDS) {
      Random random = new Random(seed);
      JsonObject whole = attachments(seed).getLast().toJson();
      for (int n = 0; n < 50; n++) {
        JsonObject altered = (JsonObject) alter(whole, random);
        try {
          Attachment.fromJson(altered);
        } catch (InvalidAttachmentException refused) {
          assertThat(refused).hasMessageStartingWith("invalid attachment record: ");
        } catch (RuntimeException other) {
          throw new AssertionError("seed " + seed + ": " + altered, other);
        }
      }
    }
  }

  @Test
  void truncatedTextIsNoRecord() throws Exception {
    String text = attachments(3).getLast().toJson().toString();
    for (int length = 0; length < text.length(); length++) {
      String truncated = text.substring(0, length);
      assertThatThrownBy(() -> Attachment.fromJson(Json.parseObject(truncated)))
          .isInstanceOfAny(JsonException.class, InvalidAttachmentException.class);
    }
  }

  @Test
  void anEmptyRecordAndOneOfALaterFormatAreRefused() throws Exception {
    assertThatThrownBy(() -> Attachment.fromJson(JsonObject.of()))
        .isInstanceOf(InvalidAttachmentException.class)
        .hasMessageContaining("format");
    JsonObject later = attachments(1).getFirst().toJson().with("format", JsonNumber.of(2));
    assertThatThrownBy(() -> Attachment.fromJson(later))
        .isInstanceOf(InvalidAttachmentException.class)
        .hasMessage("invalid attachment record: format must be an integer from 1 to 1, found 2");
  }

  /// Records of earlier releases have no cookie; then only their path identifies the namespace.
  @Test
  void whichNamespaceItWasIsKeptWhereItIsKnown() throws Exception {
    NetnsId id = new NetnsId("b1", OptionalLong.of(-2));
    Attachment attachment = attachments(1).getLast().from(new Origin("/opt/cni/bin", "", id));
    JsonObject json = attachment.toJson();

    assertThat(Attachment.fromJson(json)).isEqualTo(attachment);
    assertThat(Attachment.fromJson(json.without("netnsCookie")).origin().netns())
        .isEqualTo(new NetnsId("b1", OptionalLong.empty()));
    assertThatThrownBy(() -> Attachment.fromJson(json.with("netnsCookie", new JsonString("seven"))))
        .isInstanceOf(InvalidAttachmentException.class)
        .hasMessageContaining("netnsCookie must be an unsigned number of 64 bits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/run/netns/a\0b", "/run/netns/\ud800"})
  void aNetnsThatIsNoPathIsRefused(String netns) throws Exception {
    JsonObject json = attachments(1).getFirst().toJson();
    assertThatThrownBy(() -> Attachment.fromJson(json.with("netns", new JsonString(netns))))
        .isInstanceOf(InvalidAttachmentException.class)
        .hasMessageContaining("netns must be a path");
  }

  @Test
  void aNameThatIsNoInterfaceNameIsRefused() throws Exception {
    JsonObject json = attachments(1).getFirst().toJson();
    assertThatThrownBy(() -> Attachment.fromJson(json.with("bond", new JsonString("../eth0"))))
        .isInstanceOf(InvalidAttachmentException.class)
        .hasMessageContaining("bond must be an interface name, found \"../eth0\"");
  }

  /// A record from before a link's tuning was recorded.
  @Test
  void aRecordWithoutTuningIsReadAndRestoresNone() throws Exception {
    for (Attachment attachment : attachments(3)) {
      JsonObject old = (JsonObject) withoutTuning(attachment.toJson());
      assertThat(old.toString()).doesNotContain("tuning");
      Attachment read = Attachment.fromJson(old);
      assertThat(read.members())
          .extracting(link -> link.tuning())
          .allMatch(LinkTuning.UNKNOWN::equals);
      assertThat(read.members()).hasSameSizeAs(attachment.members());
    }
  }

  private static JsonValue withoutTuning(JsonValue value) {
    return switch (value) {
      case JsonObject object -> {
        JsonObject copy = object.without("tuning");
        for (String key : copy.members().keySet()) {
          copy = copy.with(key, withoutTuning(copy.get(key).orElseThrow()));
        }
        yield copy;
      }
      case JsonArray(List<JsonValue> elements) ->
          new JsonArray(
              List.copyOf(elements.stream().map(AttachmentJsonTest::withoutTuning).toList()));
      default -> value;
    };
  }

  @Test
  void aTuningThatNoLinkCanHaveIsRefused() throws Exception {
    String json = attachments(3).getFirst().toJson().toString();
    assertThat(json).contains("\"arp\":\"on\"");
    JsonObject altered = Json.parseObject(json.replace("\"arp\":\"on\"", "\"arp\":\"maybe\""));
    assertThatThrownBy(() -> Attachment.fromJson(altered))
        .isInstanceOf(InvalidAttachmentException.class)
        .hasMessageContaining("tuning.arp must be a value of arp, found \"maybe\"");
  }

  private static List<Attachment> attachments(long seed) throws ChangeFailedException {
    World world = RandomWorlds.of(seed);
    Attachment prepared = world.prepared();
    return List.of(prepared, world.add(new Execution(world.kernel())));
  }

  /// The value after one part of it, at some depth, was removed or replaced.
  private static JsonValue alter(JsonValue value, Random random) {
    List<JsonValue> junk =
        List.of(
            JsonNull.NULL,
            new JsonString(""),
            new JsonString("x/y\u0000"),
            new JsonString("fe80::1%nosuch/64"),
            new JsonString("1.2.3.4/99"),
            new JsonNumber("1e999"),
            new JsonNumber("99999999999999999999"),
            JsonNumber.of(-1),
            JsonArray.of(),
            JsonArray.of(JsonNull.NULL),
            JsonObject.of());
    JsonValue replacement = junk.get(random.nextInt(junk.size()));
    if (value instanceof JsonObject object && !object.isEmpty()) {
      List<String> keys = new ArrayList<>(object.members().keySet());
      String key = keys.get(random.nextInt(keys.size()));
      return switch (random.nextInt(4)) {
        case 0 -> object.without(key);
        case 1 -> object.with(key, replacement);
        default -> object.with(key, alter(object.get(key).orElseThrow(), random));
      };
    }
    if (value instanceof JsonArray(List<JsonValue> elements) && !elements.isEmpty()) {
      List<JsonValue> altered = new ArrayList<>(elements);
      int at = random.nextInt(altered.size());
      altered.set(at, alter(altered.get(at), random));
      return new JsonArray(altered);
    }
    return replacement;
  }
}
