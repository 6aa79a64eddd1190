package dev.podbond.bonding.option;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A set of bonding options: those that a configuration requests, or all that the kernel reports.
///
/// @param values in the order of [BondOption]
public record BondOptions(Map<BondOption, OptionValue> values) {
  public BondOptions {
    Map<BondOption, OptionValue> ordered = new EnumMap<>(BondOption.class);
    ordered.putAll(values);
    values = java.util.Collections.unmodifiableMap(ordered);
  }

  public Optional<OptionValue> get(BondOption option) {
    return Optional.ofNullable(values.get(option));
  }

  /// An option as a number; the kernel's default if the option is absent.
  public long number(BondOption option) {
    return values.get(option) instanceof OptionValue.Number(long value)
        ? value
        : option.defaultNumber();
  }

  /// These options, with one option set to a value.
  public BondOptions with(BondOption option, OptionValue value) {
    Map<BondOption, OptionValue> changed = new EnumMap<>(BondOption.class);
    changed.putAll(values);
    changed.put(option, value);
    return new BondOptions(changed);
  }

  /// These options but one.
  public BondOptions without(BondOption option) {
    Map<BondOption, OptionValue> changed = new EnumMap<>(BondOption.class);
    changed.putAll(values);
    changed.remove(option);
    return new BondOptions(changed);
  }

  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey().key() + " " + entry.getKey().show(entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}
