package dev.podbond.agent.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// File descriptors of this process, of which there may be too few.
final class Descriptors {
  private static final Path LIMITS = Path.of("/proc/self/limits");

  /// As the kernel writes it, before the soft and the hard limit.
  private static final String OPEN_FILES = "Max open files";

  private Descriptors() {}

  /// How many this process may have, by `proc_pid_limits(5)`; empty if that cannot be read or there
  /// is no limit.
  static OptionalLong most() {
    try {
      return mostOf(Files.readString(LIMITS));
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  /// The soft limit, which is the one that counts.
  static OptionalLong mostOf(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith(OPEN_FILES))
        .map(line -> line.substring(OPEN_FILES.length()).strip().split("\\s+", 2)[0])
        .filter(limit -> limit.matches("[0-9]{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  /// What to say of a limit at which connections will have to wait; empty if it is high enough.
  ///
  /// @param most the limit
  /// @param connections how many may be served at once, each of which may take a second descriptor
  ///   while it works
  static Optional<String> warning(OptionalLong most, int connections) {
    int wanted = 2 * connections;
    if (most.isEmpty() || most.getAsLong() >= wanted) {
      return Optional.empty();
    }
    return Optional.of(
        ("at most %d files may be open (RLIMIT_NOFILE), and serving %d connections at once takes"
                + " up to %d: some may have to wait for others; raise the limit, as by LimitNOFILE="
                + " of the unit")
            .formatted(most.getAsLong(), connections, wanted));
  }

  /// Has the JVM open what it needs to have virtual threads wait for descriptors. It does so at the
  /// first wait, and if there is no descriptor left by then it never tries again.
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
                  // The pipe was closed, which is as good an end as another.
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
