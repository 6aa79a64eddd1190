package dev.podbond.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The node's resources that a process holds, from `/proc`.
///
/// @param residentKib its resident set
/// @param threads without those that carry virtual threads
/// @param carriers of virtual threads, which start with calls and end half a minute after them
record Footprint(long residentKib, long threads, long carriers, long descriptors) {
  /// From the agent's options.
  private static final long MOST_CARRIERS = 16;

  /// The JVM's own threads for ended processes and for waiting; they end a minute after their last
  /// use. If each call left a thread behind, there would soon be more.
  private static final long PASSING_THREADS = 4;

  static Footprint of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    Map<Boolean, Long> threads = new HashMap<>(Map.of(true, 0L, false, 0L));
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      for (Path task : tasks.toList()) {
        nameOf(task)
            .ifPresent(name -> threads.merge(name.startsWith("ForkJoinPool-1-"), 1L, Long::sum));
      }
    }
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return new Footprint(
          number(process, "VmRSS:"), threads.get(false), threads.get(true), descriptors.count());
    }
  }

  private static Optional<String> nameOf(Path task) throws IOException {
    try {
      return Optional.of(Files.readString(task.resolve("comm")));
    } catch (NoSuchFileException _) {
      return Optional.empty(); // it has ended meanwhile
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

  /// Whether it holds no more threads and descriptors than another footprint, no more carriers than
  /// allowed, and no more memory except for an allowance.
  boolean isWithin(Footprint other, long allowanceKib) {
    return residentKib <= other.residentKib + allowanceKib
        && threads <= other.threads + PASSING_THREADS
        && carriers <= MOST_CARRIERS
        && descriptors <= other.descriptors;
  }
}
