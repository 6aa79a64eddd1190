package dev.podbond.ipam;

import dev.podbond.ipam.files.AddressFiles;
import java.io.IOException;
import java.nio.file.Path;

/// A disk on which one change fails: the n-th, before or after it was made.
final class FaultyFiles implements AddressFiles {
  private final int failing;
  private final boolean isMade;
  private int changes;

  FaultyFiles(int failing, boolean isMade) {
    this.failing = failing;
    this.isMade = isMade;
  }

  /// How many changes there were.
  int changes() {
    return changes;
  }

  private interface Change<T> {
    T make() throws IOException;
  }

  private <T> T through(Change<T> change) throws IOException {
    boolean fails = changes++ == failing;
    if (fails && !isMade) {
      throw new IOException("No space left on device");
    }
    T made = change.make();
    if (fails) {
      throw new IOException("Input/output error");
    }
    return made;
  }

  @Override
  public void makeDirectory(Path directory) throws IOException {
    through(() -> {
      DISK.makeDirectory(directory);
      return true;
    });
  }

  @Override
  public void makeLock(Path file) throws IOException {
    through(() -> {
      DISK.makeLock(file);
      return true;
    });
  }

  @Override
  public boolean create(Path file, String text) throws IOException {
    return through(() -> DISK.create(file, text));
  }

  @Override
  public void replace(Path file, String text) throws IOException {
    through(() -> {
      DISK.replace(file, text);
      return true;
    });
  }

  @Override
  public boolean delete(Path file) throws IOException {
    return through(() -> DISK.delete(file));
  }
}
