package dev.podbond.ipam.files;

import java.io.IOException;
import java.nio.file.Path;

/// The only way to change host-local's files; tests put a failing disk in its place.
///
/// Each call but [#makeDirectory] happens as a whole or not at all if the process is killed. After
/// an [IOException] either may be true. Like host-local's own, the changes are not flushed: after a
/// loss of power there are no pods that could have an address.
public interface AddressFiles {
  /// Names that begin so are of files that are being written. Whoever holds the lock of a directory
  /// may delete those in it: their writers are dead. host-local overlooks them, or releases them
  /// with the attachment that is named inside.
  String TEMPORARY_PREFIX = ".new-";

  /// The disk itself.
  AddressFiles DISK = new DiskAddressFiles();

  /// Makes a directory and those above it, readable by all, unless it is there.
  void makeDirectory(Path directory) throws IOException;

  /// Makes an empty file to lock, unless it is there.
  void makeLock(Path file) throws IOException;

  /// Writes a file if it does not exist.
  ///
  /// @return whether it was written
  boolean create(Path file, String text) throws IOException;

  /// Writes a file, replacing an older one.
  void replace(Path file, String text) throws IOException;

  /// Removes a file.
  ///
  /// @return whether there was one
  boolean delete(Path file) throws IOException;
}
