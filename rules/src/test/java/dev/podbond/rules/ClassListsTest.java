package dev.podbond.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The lists of classes that the start-up caches are made of fit the code. A class that is not
/// there any more does no harm, but the one in its place is not in the cache, and each costs time.
final class ClassListsTest {
  private static final Path LISTS = Path.of("../packaging/classes");

  @ParameterizedTest
  @ValueSource(strings = {"plugins", "agent", "podbond", "operator"})
  void nearlyAllOfOurClassesInAListAreThere(String name) throws IOException {
    List<String> ours =
        Files.readAllLines(LISTS.resolve(name)).stream()
            .filter(line -> line.startsWith("dev/podbond/"))
            .toList();
    List<String> gone = ours.stream().filter(line -> !isThere(line)).toList();

    assertThat(ours).as("that it looks at all").hasSizeGreaterThan(200);
    assertThat(gone.size())
        .as("more than one in twenty is gone: see packaging/train, --record; %s", gone)
        .isLessThanOrEqualTo(ours.size() / 20);
  }

  /// As the test itself sees it.
  @ParameterizedTest
  @ValueSource(
      strings = {"dev/podbond/plugins/Main", "dev/podbond/agent/Main", "dev/podbond/operator/Main"})
  void aClassThatIsThereIsFoundAndNoOther(String name) {
    assertThat(isThere(name)).isTrue();
    assertThat(isThere(name + "Gone")).isFalse();
  }

  private static boolean isThere(String name) {
    return ClassListsTest.class.getClassLoader().getResource(name + ".class") != null;
  }
}
