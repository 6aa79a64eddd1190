package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The changes to one VF through its PF. An empty part leaves its setting as it is.
///
/// The kernel applies the parts one after the other, in the order of this record. It stops at the
/// first part that the driver refuses, and does not undo the earlier parts.
///
/// @param index the VF's number at the PF, from 0
/// @param address the administrative hardware address
/// @param vlan the VLAN; an 802.1Q VLAN is sent as the older `IFLA_VF_VLAN`, which all drivers know
/// @param rate limits on what the VF sends
/// @param spoofCheck whether the PF drops frames with a foreign source address
/// @param linkState whether the VF's carrier follows the PF's
/// @param trust whether the VF may change its address and enter promiscuous mode
public record VfChange(
    int index,
    Optional<HardwareAddress> address,
    Optional<VfVlan> vlan,
    Optional<VfRate> rate,
    Optional<Boolean> spoofCheck,
    Optional<VfLinkState> linkState,
    Optional<Boolean> trust) {
  /// An empty change.
  public static VfChange of(int index) {
    return new VfChange(
        index,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Sets the administrative hardware address. Many drivers, but not all, remove it if it is all
  /// zero.
  public VfChange address(HardwareAddress to) {
    return new VfChange(index, Optional.of(to), vlan, rate, spoofCheck, linkState, trust);
  }

  /// Sets the VLAN.
  public VfChange vlan(VfVlan to) {
    return new VfChange(index, address, Optional.of(to), rate, spoofCheck, linkState, trust);
  }

  /// Sets the rate limits.
  public VfChange rate(VfRate to) {
    return new VfChange(index, address, vlan, Optional.of(to), spoofCheck, linkState, trust);
  }

  /// Sets the spoof check.
  public VfChange spoofCheck(boolean to) {
    return new VfChange(index, address, vlan, rate, Optional.of(to), linkState, trust);
  }

  /// Sets the link state.
  public VfChange linkState(VfLinkState to) {
    return new VfChange(index, address, vlan, rate, spoofCheck, Optional.of(to), trust);
  }

  /// Sets whether the VF is trusted.
  public VfChange trust(boolean to) {
    return new VfChange(index, address, vlan, rate, spoofCheck, linkState, Optional.of(to));
  }

  /// The change in words, such as `VF 3: trust on`.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    address.ifPresent(mac -> parts.add("address " + mac));
    vlan.ifPresent(to -> parts.add("VLAN " + to.id() + " priority " + to.qos()));
    rate.ifPresent(to -> parts.add("rate " + to.minMbps() + " to " + to.maxMbps() + " Mbit/s"));
    spoofCheck.ifPresent(on -> parts.add("spoof check " + (on ? "on" : "off")));
    linkState.ifPresent(to -> parts.add("link state " + to.name().toLowerCase(Locale.ROOT)));
    trust.ifPresent(on -> parts.add("trust " + (on ? "on" : "off")));
    return "VF " + index + ": " + String.join(", ", parts);
  }
}
