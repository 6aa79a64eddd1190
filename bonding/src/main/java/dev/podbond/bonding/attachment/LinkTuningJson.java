package dev.podbond.bonding.attachment;

import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// A link's tuning as JSON: one member for each known setting.
final class LinkTuningJson {
  private LinkTuningJson() {}

  static JsonObject write(LinkTuning tuning) {
    JsonObject.Builder json = JsonObject.builder();
    tuning.values().forEach((setting, value) -> json.put(setting.key(), value));
    return json.build();
  }

  /// Skips unknown settings: they belong to a later version.
  static LinkTuning read(Optional<JsonReader<InvalidAttachmentException>> fields)
      throws InvalidAttachmentException {
    Map<LinkSetting, String> values = new EnumMap<>(LinkSetting.class);
    if (fields.isPresent()) {
      for (LinkSetting setting : LinkSetting.values()) {
        fields
            .get()
            .parsed(
                setting.key(),
                "a value of " + setting,
                text -> Optional.of(text).filter(setting::takes))
            .ifPresent(value -> values.put(setting, value));
      }
    }
    return new LinkTuning(values);
  }
}
