package dev.podbond.node.state;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Optional;

/// The attachment that has a VF.
///
/// @param netns the path of the pod's network namespace
public record ClaimOwner(String containerId, String ifname, String netns) {
  JsonObject toJson() {
    return JsonObject.builder()
        .put("containerId", containerId)
        .put("ifname", ifname)
        .put("netns", netns)
        .build();
  }

  static Optional<ClaimOwner> fromJson(JsonObject json) {
    return json.get("containerId").orElse(json) instanceof JsonString(String containerId)
            && json.get("ifname").orElse(json) instanceof JsonString(String ifname)
            && json.get("netns").orElse(json) instanceof JsonString(String netns)
        ? Optional.of(new ClaimOwner(containerId, ifname, netns))
        : Optional.empty();
  }

  /// Whether both are the same attachment, in whatever netns.
  public boolean isSameAttachment(ClaimOwner other) {
    return containerId.equals(other.containerId) && ifname.equals(other.ifname);
  }

  @Override
  public String toString() {
    return "interface " + ifname + " of container " + containerId + " (netns " + netns + ")";
  }
}
