package dev.podbond.bonding.attachment;

import dev.podbond.bonding.net.NetnsId;
import java.util.OptionalLong;

/// Where an attachment comes from: what the runtime said beside the attachment itself, and would
/// say again with its DEL. Where no runtime asks, IPAM is released by it.
///
/// @param cniPath the value of `CNI_PATH`
/// @param cniArgs the value of `CNI_ARGS`
/// @param netns the pod's namespace, which its path alone does not tell
/// @param ipamIfname the `CNI_IFNAME` that the IPAM plugin was given; empty where it was the
///   runtime's
public record Origin(String cniPath, String cniArgs, NetnsId netns, String ipamIfname) {
  /// Nothing is known.
  public static final Origin UNKNOWN = new Origin("", "", NetnsId.UNKNOWN, "");

  /// That of an attachment whose IPAM plugin was given the runtime's `CNI_IFNAME`.
  public Origin(String cniPath, String cniArgs, NetnsId netns) {
    this(cniPath, cniArgs, netns, "");
  }

  /// An origin of which no more than the boot is known.
  public Origin(String cniPath, String cniArgs, String bootId) {
    this(cniPath, cniArgs, new NetnsId(bootId, OptionalLong.empty()), "");
  }

  /// The boot of the node in which it was made; "" for unknown.
  public String bootId() {
    return netns.bootId();
  }
}
