package dev.podbond.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The node's present boot, which tells a network namespace that was deleted from one that is
/// merely not to be seen from here.
final class Boot {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Boot() {}

  static String id() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("every Linux kernel tells its boot_id", e);
    }
  }
}
