package dev.podbond.bonding.uplink;

import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.OptionalInt;

/// A host beyond the switch that is asked whether it is there.
///
/// @param vlan the VLAN in which it is; empty for frames without a tag
public record ProbeTarget(InetAddress address, OptionalInt vlan) {
  @Override
  public String toString() {
    return IpText.format(address) + (vlan.isPresent() ? " in VLAN " + vlan.getAsInt() : "");
  }
}
