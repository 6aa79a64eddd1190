package dev.podbond.cni.spec;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;

/// What tells one attachment of a network from another.
///
/// @param containerId the id of the container
/// @param ifname the name of the interface in it
public record AttachmentId(String containerId, String ifname) {

  static AttachmentId parse(JsonMembers in) throws CniException {
    return new AttachmentId(in.string("containerID").orElse(""), in.string("ifname").orElse(""));
  }

  /// The element that GC lists.
  public JsonObject toJson() {
    return JsonObject.of(
        "containerID", new JsonString(containerId), "ifname", new JsonString(ifname));
  }
}
