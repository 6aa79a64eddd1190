package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the fuzzer's targets on mutated inputs, which are the same in each run. So a failure comes
/// from a change of the code, and not from a random search that takes another way each time. The
/// random search is `fuzz/run`; the inputs that it found are the ones mutated here.
///
/// The property `podbond.seed` (default 1) gives other inputs; `podbond.fuzz.inputs` (default
/// 20000) is the number of inputs for each target.
final class MutatedInputsTest {
  private static final long SEED = Long.getLong("podbond.seed", 1);
  private static final int INPUTS = Integer.getInteger("podbond.fuzz.inputs", 20000);
  private static final Path CORPUS = Path.of("src/test/resources/dev/podbond/fuzz");

  /// Far longer than all inputs of one target take. An input that never ends is a finding.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TestFactory
  Stream<DynamicTest> everyTargetHolds() throws IOException {
    return list(CORPUS).stream()
        .flatMap(ofClass -> list(ofClass).stream())
        .map(directory -> dynamicTest(nameOf(directory), () -> holds(directory)));
  }

  private static void holds(Path directory) {
    FuzzTarget target = FuzzTarget.named(nameOf(directory));
    List<byte[]> inputs = list(directory).stream().map(MutatedInputsTest::read).toList();
    Mutator mutator = new Mutator(SEED ^ target.name().hashCode(), inputs);
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          for (int i = 0; i < INPUTS; i++) {
            holds(target, mutator.next());
          }
        });
  }

  private static void holds(FuzzTarget target, byte[] input) {
    try {
      target.run(input);
    } catch (Throwable e) {
      throw new AssertionError(
          "%s broke a promise with seed %d; keep this input (hex) beside the others: %s"
              .formatted(target.name(), SEED, HexFormat.of().formatHex(input)),
          e);
    }
  }

  /// The target of a directory: `JsonFuzz.document` for `JsonFuzzInputs/document`.
  private static String nameOf(Path directory) {
    String inputs = directory.getParent().getFileName().toString();
    return inputs.substring(0, inputs.length() - "Inputs".length()) + "." + directory.getFileName();
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> sorted = entries.sorted().toList();
      assertThat(sorted).as("entries of %s", directory).isNotEmpty();
      return sorted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
