package dev.podbond.fuzz;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.util.List;
import java.util.Optional;

/// Records as ADD writes them.
final class Records {
  private Records() {}

  static Attachment prepared(AttachmentKey key, String network) {
    return new Attachment(
        key,
        network,
        "sriov",
        "/run/netns/pod",
        JsonObject.of(),
        Phase.PREPARED,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Origin.UNKNOWN);
  }
}
