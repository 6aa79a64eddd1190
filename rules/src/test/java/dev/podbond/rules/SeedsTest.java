package dev.podbond.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a test found by chance can be seen again: every seed is one that was given, by the system
/// property `podbond.seed` where there is a choice.
final class SeedsTest {
  private static final Path ROOT = Path.of("..");

  /// Chance that nobody can repeat, and names of seeds beside the one.
  private static final Pattern UNREPEATABLE =
      Pattern.compile(
          "new Random\\(\\)|new Random\\(System\\.|Math\\.random\\(|RandomGenerator\\.getDefault"
              + "|seed = System\\.|(?<!podbond)[.]seed\"");

  static boolean isUnrepeatable(String line) {
    return UNREPEATABLE.matcher(line).find();
  }

  @Test
  void everyTestOfChanceTakesItsSeed() throws IOException {
    List<String> found = new ArrayList<>();
    int drawing = 0;
    for (Path source : sources()) {
      for (String line : Files.readAllLines(source)) {
        if (isUnrepeatable(line)) {
          found.add(source + ": " + line.strip());
        }
        if (line.contains("Long.getLong(\"podbond.seed\"")) {
          drawing++;
        }
      }
    }

    assertThat(found)
        .as("give Random a seed of Long.getLong(\"podbond.seed\", …), and name it in failures")
        .isEmpty();
    assertThat(drawing).as("that it looks at all").isGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Random random = new Random();",
        "new Random(System.nanoTime())",
        "double x = Math.random();",
        "long seed = RandomGenerator.getDefault().nextLong();",
        "long seed = System.nanoTime();",
        "Long.getLong(\"property.seed\")",
        "Long.getLong(\"podbond.fuzz.seed\", 1)"
      })
  void whatCannotBeRepeatedIsFound(String line) {
    assertThat(isUnrepeatable(line)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Random random = new Random(seed);",
        "long seed = Long.getLong(\"podbond.seed\", System.nanoTime());"
      })
  void whatCanBeRepeatedIsLetBe(String line) {
    assertThat(isUnrepeatable(line)).isFalse();
  }

  /// The sources of all tests but those of the rules, which spell what is forbidden.
  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(module -> !module.endsWith("rules")).sorted().toList()) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          try (Stream<Path> files = Files.walk(tests)) {
            files
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> !file.endsWith("NoInputOutputTest.java"))
                .forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }
}
