package dev.podbond.bonding.facts;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The settings of one link. A setting that the kernel did not report, or that a record does not
/// hold, is absent: it is unknown, and we leave it alone.
public record LinkTuning(Map<LinkSetting, String> values) {
  /// Nothing is known.
  public static final LinkTuning UNKNOWN = new LinkTuning(Map.of());

  public LinkTuning {
    Map<LinkSetting, String> ordered = new EnumMap<>(LinkSetting.class);
    ordered.putAll(values);
    values = Collections.unmodifiableMap(ordered);
  }

  public Optional<String> get(LinkSetting setting) {
    return Optional.ofNullable(values.get(setting));
  }

  /// This tuning with another value of one setting.
  public LinkTuning with(LinkSetting setting, String value) {
    Map<LinkSetting, String> more = new EnumMap<>(LinkSetting.class);
    more.putAll(values);
    more.put(setting, value);
    return new LinkTuning(more);
  }

  /// The settings that both tunings know and in which they differ, with the values of this one, in
  /// the order in which to set them.
  public Map<LinkSetting, String> otherThan(LinkTuning now) {
    Map<LinkSetting, String> different = new EnumMap<>(LinkSetting.class);
    values.forEach((setting, value) -> {
      if (now.get(setting).filter(found -> !found.equals(value)).isPresent()) {
        different.put(setting, value);
      }
    });
    return Collections.unmodifiableMap(different);
  }
}
