package dev.podbond.node.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The only way to change a node's state on its disk; tests put a failing disk in its place.
///
/// Each call happens as a whole or not at all, however the process or the machine ends. After an
/// [IOException] either may be true: the write may have reached the disk although the call failed.
public interface StateFiles {
  /// The disk itself.
  StateFiles DURABLE =
      new StateFiles() {
        @Override
        public void replace(Path file, String text) throws IOException {
          new DurableFile(file).replace(text);
        }

        @Override
        public boolean create(Path file, String text) throws IOException {
          return new DurableFile(file).create(text);
        }

        @Override
        public boolean delete(Path file) throws IOException {
          return new DurableFile(file).delete();
        }

        @Override
        public void setAside(Path file, Path aside) throws IOException {
          Path directory = aside.getParent();
          if (directory != null) {
            Files.createDirectories(directory);
          }
          Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        }
      };

  /// Writes a file, replacing an older one.
  void replace(Path file, String text) throws IOException;

  /// Writes a file if it does not exist.
  ///
  /// @return whether it was written
  boolean create(Path file, String text) throws IOException;

  /// Removes a file.
  ///
  /// @return whether there was one
  boolean delete(Path file) throws IOException;

  /// Moves a file that makes no sense to a place where a person can look at it.
  void setAside(Path file, Path aside) throws IOException;
}
