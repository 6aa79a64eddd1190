package dev.podbond.agent.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// The limit on this process's file descriptors, which may be too low.
final class Descriptors {
  private static final Path LIMITS = Path.of("/proc/self/limits");

  /// The kernel's text in front of the soft and the hard limit.
  private static final String OPEN_FILES = "Max open files";

  private Descriptors() {}

  /// How many descriptors this process may have, from `proc_pid_limits(5)`. Empty if that cannot be
  /// read or there is no limit.
  static OptionalLong most() {
    try {
      return mostOf(Files.readString(LIMITS));
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  /// The soft limit, which the kernel enforces.
  static OptionalLong mostOf(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith(OPEN_FILES))
        .map(line -> line.substring(OPEN_FILES.length()).strip().split("\\s+", 2)[0])
        .filter(limit -> limit.matches("[0-9]{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  /// A warning if the limit is so low that connections may have to wait; empty if it is high
  /// enough.
  ///
  /// @param most the limit
  /// @param connections how many connections may be served at once; each may need a second
  ///   descriptor while it is served
  static Optional<String> warning(OptionalLong most, int connections) {
    int wanted = 2 * connections;
    if (most.isEmpty() || most.getAsLong() >= wanted) {
      return Optional.empty();
    }
    return Optional.of(
        ("at most %d files may be open (RLIMIT_NOFILE), and serving %d connections at once takes"
                + " up to %d: some may have to wait for others; raise the limit, for example"
                + " with LimitNOFILE= in the unit")
            .formatted(most.getAsLong(), connections, wanted));
  }

  /// Makes the JVM open the descriptors that it needs for virtual threads to wait on sockets. It
  /// opens them at the first wait, and if no descriptor is free then, it never tries again.
  static void reserve() throws IOException {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source()) {
      Thread reader =
          Thread.ofVirtual()
              .name("descriptors")
              .start(() -> {
                try {
                  source.read(ByteBuffer.allocate(1));
                } catch (IOException _) {
                  // The pipe was closed, which is a good end too.
                }
              });
      try (Pipe.SinkChannel _ = pipe.sink()) {
        while (reader.isAlive() && reader.getState() != Thread.State.WAITING) {
          Thread.sleep(1);
        }
      }
      reader.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
