package dev.podbond.agent.watch;

import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The records of the attachments that are watched: those that are complete, and whose removal has
/// not begun. Thread-safe.
final class WatchedRecords {
  private final Map<AttachmentKey, WatchedRecord> records = new ConcurrentHashMap<>();

  /// The attachments that are being removed, with their records as far as they were known. Whatever
  /// is read of them meanwhile, they are not watched.
  private final Map<AttachmentKey, Optional<WatchedRecord>> leaving = new HashMap<>();

  /// What became of one record.
  ///
  /// @param before as it was watched; empty if it was not
  /// @param now as it is watched; empty if it is not
  record Change(Optional<WatchedRecord> before, Optional<WatchedRecord> now) {}

  /// All of them, as they come and go.
  Collection<WatchedRecord> all() {
    return records.values();
  }

  /// Their keys as they are now.
  Set<AttachmentKey> keys() {
    return new HashSet<>(records.keySet());
  }

  /// The record of an attachment, if it is watched.
  Optional<WatchedRecord> of(AttachmentKey key) {
    return Optional.ofNullable(records.get(key));
  }

  /// Those of the pod at a path.
  List<WatchedRecord> at(Path netns) {
    return records.values().stream()
        .filter(record -> !record.netns().isEmpty() && Path.of(record.netns()).equals(netns))
        .toList();
  }

  /// Those that have a VF.
  List<WatchedRecord> having(PciAddress vf) {
    return records.values().stream().filter(record -> record.vfs().contains(vf)).toList();
  }

  /// Whose VFs are. An attachment that is being made or removed has none of them.
  AttachedVfs attachedVfs() {
    AttachedVfs.Gathering gathering = new AttachedVfs.Gathering();
    for (WatchedRecord record : records.values()) {
      if (record.bond().isEmpty()) {
        gathering.alone(record.key(), record.vfs());
      } else {
        gathering.bond(record.vfs());
        gathering.bond(record.members().stream().flatMap(member -> member.pci().stream()).toList());
      }
    }
    return gathering.all();
  }

  /// The removal of an attachment begins: it is watched again only when that has ended.
  synchronized void leaving(AttachmentKey key) {
    leaving.putIfAbsent(key, Optional.ofNullable(records.get(key)));
  }

  /// A removal that began did not succeed.
  ///
  /// @return the record that is watched again; empty if it was not known
  synchronized Optional<WatchedRecord> stayed(AttachmentKey key) {
    Optional<WatchedRecord> known = leaving.getOrDefault(key, Optional.empty());
    leaving.remove(key);
    known.ifPresent(record -> records.put(key, record));
    return known;
  }

  /// A removal that began has succeeded.
  synchronized void left(AttachmentKey key) {
    leaving.remove(key);
  }

  /// Takes a record as it was read; empty if there is none.
  synchronized Change replace(AttachmentKey key, Optional<WatchedRecord> read) {
    Optional<WatchedRecord> complete =
        leaving.containsKey(key)
            ? Optional.empty()
            : read.filter(record -> record.phase() == Phase.COMPLETE);
    Optional<WatchedRecord> before =
        Optional.ofNullable(
            complete.isPresent() ? records.put(key, complete.get()) : records.remove(key));
    return new Change(before, complete);
  }
}
