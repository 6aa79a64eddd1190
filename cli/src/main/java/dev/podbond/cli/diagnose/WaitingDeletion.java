package dev.podbond.cli.diagnose;

import dev.podbond.agent.wire.PendingName;
import dev.podbond.value.AttachmentKey;
import java.nio.file.Path;
import java.util.Optional;

/// A deletion that waits for the agent in a file.
///
/// @param plugin the plugin that the runtime called
public record WaitingDeletion(AttachmentKey key, String plugin) {
  /// The deletion in a file, by its name.
  static Optional<WaitingDeletion> of(Path file) {
    return PendingName.parse(String.valueOf(file.getFileName()))
        .map(name ->
            new WaitingDeletion(
                new AttachmentKey(name.containerId(), name.ifname()), name.plugin()));
  }
}
