package dev.podbond.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a process holds of the node, as `/proc` tells it.
///
/// @param residentKib its resident set
record Footprint(long residentKib, long threads, long descriptors) {
  static Footprint of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return new Footprint(
          number(process, "VmRSS:"), number(process, "Threads:"), descriptors.count());
    }
  }

  private static long number(Path process, String key) throws IOException {
    return Files.readAllLines(process.resolve("status")).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip().split(" ")[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new AssertionError(process + " tells nothing of " + key));
  }

  /// Whether it holds no more threads and descriptors than another one, and no more memory but for
  /// an allowance.
  boolean isWithin(Footprint other, long allowanceKib) {
    return residentKib <= other.residentKib + allowanceKib
        && threads <= other.threads
        && descriptors <= other.descriptors;
  }
}
