package dev.podbond.bonding.facts;

import static java.util.stream.Collectors.joining;

import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/// A VF's settings on its PF's side, observed or to be set. An absent setting is unknown, or to be
/// left alone.
public final class VfSettings {
  /// Nothing known, or nothing to set.
  public static final VfSettings NONE = new VfSettings(Map.of());

  private final Map<VfSetting<?>, Object> values;

  private VfSettings(Map<VfSetting<?>, Object> values) {
    Map<VfSetting<?>, Object> ordered = new LinkedHashMap<>();
    for (VfSetting<?> setting : VfSetting.ALL) {
      if (values.containsKey(setting)) {
        ordered.put(setting, values.get(setting));
      }
    }
    this.values = ordered;
  }

  /// The value of a setting, if there is one.
  public <T> Optional<T> get(VfSetting<T> setting) {
    return Optional.ofNullable(values.get(setting)).map(setting::cast);
  }

  /// [VfSetting#ADMIN_MAC], if there is one.
  public Optional<MacAddress> adminMac() {
    return get(VfSetting.ADMIN_MAC);
  }

  /// [VfSetting#VLAN], if there is one.
  public Optional<VfVlan> vlan() {
    return get(VfSetting.VLAN);
  }

  /// [VfSetting#MIN_TX_RATE_MBPS], if there is one.
  public Optional<Integer> minTxRateMbps() {
    return get(VfSetting.MIN_TX_RATE_MBPS);
  }

  /// [VfSetting#MAX_TX_RATE_MBPS], if there is one.
  public Optional<Integer> maxTxRateMbps() {
    return get(VfSetting.MAX_TX_RATE_MBPS);
  }

  /// [VfSetting#SPOOF_CHECK], if there is one.
  public Optional<Boolean> spoofCheck() {
    return get(VfSetting.SPOOF_CHECK);
  }

  /// [VfSetting#TRUST], if there is one.
  public Optional<Boolean> trust() {
    return get(VfSetting.TRUST);
  }

  /// [VfSetting#LINK_STATE], if there is one.
  public Optional<VfLinkState> linkState() {
    return get(VfSetting.LINK_STATE);
  }

  /// The settings that have a value, in the order in which they are made.
  public Set<VfSetting<?>> present() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /// Whether the setting has a value.
  public boolean has(VfSetting<?> setting) {
    return values.containsKey(setting);
  }

  /// Whether no setting has a value.
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /// These settings, with this one set to the value.
  public <T> VfSettings with(VfSetting<T> setting, T value) {
    return with(setting, Optional.of(value));
  }

  /// These settings, with the value for this one, or without it.
  public <T> VfSettings with(VfSetting<T> setting, Optional<T> value) {
    Map<VfSetting<?>, Object> changed = new LinkedHashMap<>(values);
    changed.remove(setting);
    value.ifPresent(there -> changed.put(setting, there));
    return new VfSettings(changed);
  }

  /// These settings, with the value for this one, or without it.
  public VfSettings with(VfSetting<Integer> setting, OptionalInt value) {
    return with(
        setting, value.isPresent() ? Optional.of(value.getAsInt()) : Optional.<Integer>empty());
  }

  /// Those of the settings that the condition holds for.
  public VfSettings only(Predicate<VfSetting<?>> condition) {
    Map<VfSetting<?>, Object> kept = new LinkedHashMap<>(values);
    kept.keySet().removeIf(condition.negate());
    return new VfSettings(kept);
  }

  /// These settings, and those of the others that these lack.
  public VfSettings or(VfSettings others) {
    Map<VfSetting<?>, Object> merged = new LinkedHashMap<>(others.values);
    merged.putAll(values);
    return new VfSettings(merged);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VfSettings settings && values.equals(settings.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey().show(entry.getValue()))
        .collect(joining(", "));
  }
}
