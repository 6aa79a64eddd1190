package dev.podbond.node.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds who holds a byte of the lock file, for the message to a caller whose wait timed out.
///
/// The kernel knows it (proc_locks(5)), so nothing has to be written down that could be stale.
final class LockHolder {
  private static final int PID_FIELD = 4;
  private static final int START_FIELD = 6;

  private final Path proc;

  LockHolder(Path proc) {
    this.proc = proc;
  }

  /// The process with a write lock at this offset, in any file. The offsets are 62-bit hashes, so
  /// an offset identifies the lock without its file.
  Optional<String> of(long offset) {
    try (Stream<String> lines = Files.lines(proc.resolve("locks"))) {
      return lines
          .map(line -> line.trim().split("\\s+"))
          .filter(fields -> fields.length > START_FIELD && fields[1].equals("POSIX"))
          .filter(fields -> fields[START_FIELD].equals(Long.toString(offset)))
          .map(fields -> "process " + fields[PID_FIELD] + describe(fields[PID_FIELD]))
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException _) {
      return Optional.empty();
    }
  }

  /// The verb, container and interface from a CNI plugin's environment; otherwise the process name.
  private String describe(String pid) {
    Path process = proc.resolve(pid);
    String verb =
        read(process.resolve("environ"))
            .map(text ->
                Stream.of(text.split("\0"))
                    .filter(entry ->
                        entry.startsWith("CNI_COMMAND=")
                            || entry.startsWith("CNI_CONTAINERID=")
                            || entry.startsWith("CNI_IFNAME="))
                    .sorted()
                    .collect(Collectors.joining(" ")))
            .orElse("");
    String name = read(process.resolve("comm")).map(String::strip).orElse("");
    String known = (name + " " + verb).strip();
    return known.isEmpty() ? "" : " (" + known + ")";
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
