package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.Optional;

/// The objects of some documents. Each is read by itself, so one that is not understood does not
/// affect the others.
///
/// @param objects the objects that were understood, in their order
/// @param unread the others, in their order
public record ReadObjects(List<ClusterObject> objects, List<Unread> unread) {
  public ReadObjects {
    objects = List.copyOf(objects);
    unread = List.copyOf(unread);
  }

  /// An object that was not understood, or that requests something not supported here.
  ///
  /// @param key its key; empty if not even that could be read
  /// @param written the object as written
  /// @param problem names its file and line, what was found and what to do
  public record Unread(Optional<ObjectKey> key, JsonValue written, LocatedException problem) {}

  /// The objects, if every one was understood.
  ///
  /// @throws LocatedException for the first that was not, the others suppressed into it
  public List<ClusterObject> all() throws LocatedException {
    if (!unread.isEmpty()) {
      throw LocatedException.first(unread.stream().map(Unread::problem).toList());
    }
    return objects;
  }
}
