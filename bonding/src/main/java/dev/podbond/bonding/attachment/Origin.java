package dev.podbond.bonding.attachment;

/// Where an attachment comes from: what the runtime said beside the attachment itself, and would
/// say again with its DEL. Where no runtime asks, IPAM is released by it.
///
/// @param cniPath the value of `CNI_PATH`
/// @param cniArgs the value of `CNI_ARGS`
/// @param bootId the boot of the node in which it was made (`random(4)`, `boot_id`)
public record Origin(String cniPath, String cniArgs, String bootId) {
  /// Nothing is known.
  public static final Origin UNKNOWN = new Origin("", "", "");
}
