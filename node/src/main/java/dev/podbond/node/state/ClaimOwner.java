package dev.podbond.node.state;

import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Optional;
import java.util.OptionalLong;

/// The attachment that has a VF.
///
/// @param netns the path of the pod's network namespace
/// @param id the identity of that namespace
public record ClaimOwner(String containerId, String ifname, String netns, NetnsId id) {
  /// An owner of whose namespace only the path is known.
  public ClaimOwner(String containerId, String ifname, String netns) {
    this(containerId, ifname, netns, NetnsId.UNKNOWN);
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("containerId", containerId)
        .put("ifname", ifname)
        .put("netns", netns)
        .putIfPresent(
            "bootId", Optional.of(id.bootId()).filter(bootId -> !bootId.isEmpty()), JsonString::new)
        .putIfPresent("netnsCookie", id.cookieText(), JsonString::new)
        .build();
  }

  static Optional<ClaimOwner> fromJson(JsonObject json) {
    return json.get("containerId").orElse(json) instanceof JsonString(String containerId)
            && json.get("ifname").orElse(json) instanceof JsonString(String ifname)
            && json.get("netns").orElse(json) instanceof JsonString(String netns)
        ? Optional.of(new ClaimOwner(containerId, ifname, netns, id(json)))
        : Optional.empty();
  }

  /// Absent in claims of earlier releases.
  private static NetnsId id(JsonObject json) {
    String bootId = json.get("bootId").orElse(json) instanceof JsonString(String text) ? text : "";
    OptionalLong cookie =
        json.get("netnsCookie").orElse(json) instanceof JsonString(String text)
            ? NetnsId.parseCookie(text).map(OptionalLong::of).orElseGet(OptionalLong::empty)
            : OptionalLong.empty();
    return new NetnsId(bootId, cookie);
  }

  /// Whether both are the same attachment, in any netns.
  public boolean isSameAttachment(ClaimOwner other) {
    return containerId.equals(other.containerId) && ifname.equals(other.ifname);
  }

  @Override
  public String toString() {
    return "interface " + ifname + " of container " + containerId + " (netns " + netns + ")";
  }
}
