package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import java.util.Optional;

/// A virtual function as its PF describes it, `IFLA_VF_INFO`.
///
/// Drivers report only the settings that they support; the others are empty here.
///
/// @param index its number at the PF, from 0
/// @param address the administrative hardware address; all zero means not set
/// @param vlan the VLAN that the PF adds to the VF's frames; id 0 means no VLAN
/// @param rate limits on what the VF sends
/// @param spoofCheck whether the PF drops frames with a foreign source address
/// @param linkState whether the VF's carrier follows the PF's
/// @param trust whether the VF may change its address and enter promiscuous mode
public record Vf(
    int index,
    HardwareAddress address,
    VfVlan vlan,
    VfRate rate,
    Optional<Boolean> spoofCheck,
    Optional<VfLinkState> linkState,
    Optional<Boolean> trust) {}
