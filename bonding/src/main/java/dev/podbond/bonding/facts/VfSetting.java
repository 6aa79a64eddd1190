package dev.podbond.bonding.facts;

import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import java.util.List;
import java.util.function.Function;

/// One setting that a PF holds for its VF: the key of a value in [VfSettings].
///
/// @param <T> the type of its values
public final class VfSetting<T> {
  /// The MAC that only the PF (or a trusted VF) may change; zero if not set.
  public static final VfSetting<MacAddress> ADMIN_MAC =
      new VfSetting<>("admin MAC", MacAddress.class, "IFLA_VF_MAC", Object::toString);

  /// The VLAN that the NIC adds and removes; [VfVlan#NONE] for no VLAN.
  public static final VfSetting<VfVlan> VLAN =
      new VfSetting<>("VLAN", VfVlan.class, "IFLA_VF_VLAN_LIST", Object::toString);

  /// The guaranteed rate in Mbit/s, 0 for no guarantee.
  public static final VfSetting<Integer> MIN_TX_RATE_MBPS = rate("min tx rate");

  /// The limit in Mbit/s, 0 for no limit.
  public static final VfSetting<Integer> MAX_TX_RATE_MBPS = rate("max tx rate");

  /// Whether the NIC drops frames from foreign MACs.
  public static final VfSetting<Boolean> SPOOF_CHECK = flag("spoof check", "IFLA_VF_SPOOFCHK");

  /// Whether the VF may change its MAC and be promiscuous.
  public static final VfSetting<Boolean> TRUST = flag("trust", "IFLA_VF_TRUST");

  /// The link state that the NIC shows to the VF.
  public static final VfSetting<VfLinkState> LINK_STATE =
      new VfSetting<>("link state", VfLinkState.class, "IFLA_VF_LINK_STATE", Object::toString);

  /// All settings, in the order in which they are made.
  public static final List<VfSetting<?>> ALL =
      List.of(ADMIN_MAC, VLAN, MIN_TX_RATE_MBPS, MAX_TX_RATE_MBPS, SPOOF_CHECK, TRUST, LINK_STATE);

  private final String label;
  private final Class<T> type;
  private final String attribute;
  private final Function<T, String> text;

  private VfSetting(String label, Class<T> type, String attribute, Function<T, String> text) {
    this.label = label;
    this.type = type;
    this.attribute = attribute;
    this.text = text;
  }

  private static VfSetting<Integer> rate(String label) {
    return new VfSetting<>(label, Integer.class, "IFLA_VF_RATE", rate -> rate + " Mbit/s");
  }

  private static VfSetting<Boolean> flag(String label, String attribute) {
    return new VfSetting<>(label, Boolean.class, attribute, on -> on ? "on" : "off");
  }

  /// The kernel's attribute that carries it (`linux/if_link.h`). Settings with the same attribute,
  /// the two rates, can only be made together.
  public String attribute() {
    return attribute;
  }

  T cast(Object value) {
    return type.cast(value);
  }

  String show(Object value) {
    return label + " " + text.apply(type.cast(value));
  }

  /// Its name in messages.
  @Override
  public String toString() {
    return label;
  }
}
