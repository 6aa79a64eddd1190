package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import java.util.Optional;

/// A virtual function as its PF keeps it, `IFLA_VF_INFO`.
///
/// Drivers report what they support; what they leave out is empty here.
///
/// @param index its number at the PF, from 0
/// @param address the administrative hardware address; all zero means none was set
/// @param vlan the VLAN put on the VF's frames, id 0 for none
/// @param rate limits on what the VF sends
/// @param spoofCheck whether frames with a foreign source address are dropped
/// @param linkState whether the VF's carrier follows the PF's
/// @param trust whether the VF may change its address and go promiscuous
public record Vf(
    int index,
    HardwareAddress address,
    VfVlan vlan,
    VfRate rate,
    Optional<Boolean> spoofCheck,
    Optional<VfLinkState> linkState,
    Optional<Boolean> trust) {}
