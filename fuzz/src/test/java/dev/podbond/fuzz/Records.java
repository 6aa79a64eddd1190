package dev.podbond.fuzz;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;

/// Records in the form in which ADD writes them.
final class Records {
  private Records() {}

  static Attachment prepared(AttachmentKey key, String network) {
    return Attachment.prepared(key, network, "sriov", "/run/netns/pod", JsonObject.of());
  }
}
