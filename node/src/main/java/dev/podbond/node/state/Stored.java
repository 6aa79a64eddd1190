package dev.podbond.node.state;

import dev.podbond.bonding.attachment.Attachment;
import java.nio.file.Path;

/// What the store holds under a key.
public sealed interface Stored {
  /// A record.
  record Found(Attachment attachment) implements Stored {}

  /// Nothing.
  record Absent() implements Stored {}

  /// A file that is not a record. It was moved aside, if that succeeded, so that it does no harm;
  /// whoever only looks leaves it.
  ///
  /// @param file where it is now
  record Damaged(Path file, String reason) implements Stored {
    @Override
    public String toString() {
      return "a damaged record of an attachment is now " + file + ": " + reason;
    }
  }
}
