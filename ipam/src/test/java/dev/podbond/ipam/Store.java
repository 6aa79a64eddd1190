package dev.podbond.ipam;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A store as it can be compared: each file with its bytes and, if wanted, its mode. Releases of
/// host-local before 1.2 let all read the addresses' files.
final class Store {
  private Store() {}

  static SortedMap<String, String> of(Path dataDir, boolean modes) throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dataDir)) {
      files
          .filter(file -> !file.equals(dataDir))
          .forEach(file -> found.put(dataDir.relativize(file).toString(), told(file, modes)));
    }
    return found;
  }

  private static String told(Path file, boolean modes) {
    try {
      String mode = modes ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) : "";
      return mode
          + (Files.isDirectory(file)
              ? ""
              : " "
                  + Files.readString(file, StandardCharsets.ISO_8859_1)
                      .replace("\r", "\\r")
                      .replace("\n", "\\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
