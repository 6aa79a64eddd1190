package dev.podbond.bonding.attachment;

import dev.podbond.bonding.net.NetnsId;
import java.util.OptionalLong;

/// The parts of the ADD call that a DEL needs again. When the agent removes an attachment without a
/// DEL from the runtime, it calls IPAM with these values.
///
/// @param cniPath the value of `CNI_PATH`
/// @param cniArgs the value of `CNI_ARGS`
/// @param netns the identity of the pod's namespace; its path alone does not give it
/// @param ipamIfname the `CNI_IFNAME` that the IPAM plugin was given; empty if it was the runtime's
public record Origin(String cniPath, String cniArgs, NetnsId netns, String ipamIfname) {
  /// Nothing is known.
  public static final Origin UNKNOWN = new Origin("", "", NetnsId.UNKNOWN, "");

  /// The origin of an attachment whose IPAM plugin was given the runtime's `CNI_IFNAME`.
  public Origin(String cniPath, String cniArgs, NetnsId netns) {
    this(cniPath, cniArgs, netns, "");
  }

  /// An origin of which only the boot is known.
  public Origin(String cniPath, String cniArgs, String bootId) {
    this(cniPath, cniArgs, new NetnsId(bootId, OptionalLong.empty()), "");
  }

  /// The boot of the node in which the attachment was made; "" for unknown.
  public String bootId() {
    return netns.bootId();
  }
}
