package dev.podbond.agent.watch;

import dev.podbond.agent.watch.WorkQueue.Progress;
import dev.podbond.value.AttachmentKey;
import java.util.Collection;

/// How a watch takes over from an earlier agent, or after a reboot of the node: every attachment is
/// looked after once, every deletion that waits is carried out, and every pod is looked at.
///
/// @param looks at the pods
record TakeOver(Repairs repairs, Watch watch, PodLooks looks) {
  /// The watch that takes over.
  interface Watch {
    /// Plans the repair of an attachment.
    void repair(AttachmentKey key);

    /// Plans the deletions that wait.
    void deletePending();

    /// Reads all records.
    ///
    /// @return whether they could be listed
    boolean rescan();

    /// The records that were read.
    Collection<WatchedRecord> records();
  }

  /// Takes over; again, if the records cannot be listed.
  Progress run() {
    boolean isListed = repairs.forEachRecord(record -> watch.repair(record.key()));
    watch.deletePending();
    repairs.tidy();
    if (!watch.rescan() || !isListed) {
      return Progress.AGAIN;
    }
    looks.found(watch.records());
    return Progress.DONE;
  }
}
