package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A directory, in memory if there is such a file system. A target may write to `inside` and must
/// leave everything else alone.
final class Sandbox {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String CANARY = "canary";

  private final Path root;

  private Sandbox(Path root) {
    this.root = root;
  }

  static Sandbox make() {
    try {
      Path root =
          Files.isWritable(MEMORY)
              ? Files.createTempDirectory(MEMORY, "podbond-fuzz")
              : Files.createTempDirectory("podbond-fuzz");
      Sandbox sandbox = new Sandbox(root);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
      // Deep enough for a few "..", and with a file that an escaping path could hit.
      Files.createDirectories(sandbox.inside());
      Files.writeString(sandbox.inside().resolveSibling(CANARY), CANARY);
      return sandbox;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  Path inside() {
    return root.resolve("a/b/c/state");
  }

  /// Asserts that nothing outside `inside` was touched, and empties `inside`.
  void checkAndEmpty() throws IOException {
    Path outside = inside().getParent();
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> strangers =
          all.filter(path -> !path.startsWith(inside()))
              .filter(path -> !outside.startsWith(path))
              .filter(path -> !path.equals(outside.resolve(CANARY)))
              .toList();
      assertThat(strangers).as("made outside of the directory").isEmpty();
    }
    assertThat(outside.resolve(CANARY)).hasContent(CANARY);
    delete(inside());
    Files.createDirectories(inside());
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
