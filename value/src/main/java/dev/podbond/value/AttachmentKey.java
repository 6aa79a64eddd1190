package dev.podbond.value;

/// The identity of an attachment (CNI spec 1.1.0, section 2): a container and an interface in it.
///
/// @param containerId `CNI_CONTAINERID`
/// @param ifname `CNI_IFNAME`
public record AttachmentKey(String containerId, String ifname) {
  @Override
  public String toString() {
    return containerId + "/" + ifname;
  }
}
