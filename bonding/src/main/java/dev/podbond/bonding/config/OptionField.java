package dev.podbond.bonding.config;

import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionDomain.Choice;
import dev.podbond.bonding.option.OptionDomain.Flag;
import dev.podbond.bonding.option.OptionDomain.MacValue;
import dev.podbond.bonding.option.OptionDomain.Member;
import dev.podbond.bonding.option.OptionDomain.NotSettable;
import dev.podbond.bonding.option.OptionDomain.Range;
import dev.podbond.bonding.option.OptionDomain.Targets;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.MacAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Reads the field of one bonding option. Accepts more than bond-cni: numbers as strings, strings
/// as numbers, and enumerated values by name, alias or number.
final class OptionField {
  private OptionField() {}

  static Optional<OptionValue> read(Fields fields, BondOption option) {
    Map<String, JsonValue> found = new LinkedHashMap<>();
    Stream.concat(Stream.of(option.key()), option.aliases().stream())
        .forEach(key -> fields.find(key).ifPresent(value -> found.put(key, value)));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<String, JsonValue> first = found.entrySet().iterator().next();
    if (found.values().stream().distinct().count() > 1) {
      fields.refuse(
          first.getKey(),
          first.getValue(),
          "it contradicts its other name "
              + found.keySet().stream().skip(1).findFirst().orElse("")
              + "; give one of them");
      return Optional.empty();
    }
    Optional<OptionValue> value = value(fields, option, first.getKey(), first.getValue());
    if (value.isEmpty() && !isMonitoringOff(option, first.getValue())) {
      fields.refuse(first.getKey(), first.getValue(), "it must be " + option.domain().phrase());
    }
    return value;
  }

  /// bond-cni accepts a negative miimon and then sends none, so the kernel's default applies.
  private static boolean isMonitoringOff(BondOption option, JsonValue value) {
    OptionalLong number = number(value);
    return option == BondOption.MIIMON
        && number.isPresent()
        && number.getAsLong() < 0
        && number.getAsLong() >= Integer.MIN_VALUE;
  }

  private static Optional<OptionValue> value(
      Fields fields, BondOption option, String key, JsonValue json) {
    return switch (option.domain()) {
      case Range range -> number(number(json), range.min(), range.max());
      case Choice choice -> choice(choice, json);
      case Flag _ -> number(flag(json), 0, 1);
      case Targets targets -> TargetList.read(fields, key, json, targets);
      case MacValue _ ->
          json instanceof JsonString(String text)
              ? MacAddress.parse(text)
                  .filter(mac -> mac.isUnicast() || mac.isZero())
                  .map(OptionValue.Mac::new)
              : Optional.empty();
      case Member _ ->
          json instanceof JsonString(String text) && !text.isEmpty()
              ? Optional.of(new OptionValue.MemberName(text))
              : Optional.empty();
      case NotSettable _ -> Optional.empty();
    };
  }

  private static Optional<OptionValue> number(OptionalLong number, long min, long max) {
    return number.isPresent() && number.getAsLong() >= min && number.getAsLong() <= max
        ? Optional.of(new OptionValue.Number(number.getAsLong()))
        : Optional.empty();
  }

  private static Optional<OptionValue> choice(Choice choice, JsonValue json) {
    if (json instanceof JsonString(String text) && choice.number(text).isPresent()) {
      return Optional.of(new OptionValue.Number(choice.number(text).getAsInt()));
    }
    return number(number(json), 0, choice.names().size() - 1);
  }

  private static OptionalLong number(JsonValue json) {
    return switch (json) {
      case JsonNumber(String text) -> Fields.wholeNumber(text);
      case JsonString(String text) -> Fields.wholeNumber(text);
      default -> OptionalLong.empty();
    };
  }

  private static OptionalLong flag(JsonValue json) {
    return switch (json) {
      case JsonBoolean flag -> OptionalLong.of(flag.value() ? 1 : 0);
      case JsonString(String text) ->
          switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "true" -> OptionalLong.of(1);
            case "off", "false" -> OptionalLong.of(0);
            default -> Fields.wholeNumber(text);
          };
      default -> number(json);
    };
  }
}
