package dev.podbond.node.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The one way in which a node's state changes on its disk; tests put a failing disk in its place.
///
/// Each either happens as a whole, however the process or the machine ends, or not at all. Only an
/// [IOException] leaves open which of both it was: the disk may have done what it could not
/// confirm.
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

  /// Writes a file, over an older one if there is one.
  void replace(Path file, String text) throws IOException;

  /// Writes a file if there is none.
  ///
  /// @return whether it was written
  boolean create(Path file, String text) throws IOException;

  /// Removes a file.
  ///
  /// @return whether there was one
  boolean delete(Path file) throws IOException;

  /// Moves a file that makes no sense to where a person may look at it.
  void setAside(Path file, Path aside) throws IOException;
}
