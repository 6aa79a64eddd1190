package dev.podbond.node.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Directories that are root's alone.
final class PrivateDirectory {
  private PrivateDirectory() {}

  /// Makes a directory and those above it, unless it is there, which it nearly always is.
  static void create(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }
}
