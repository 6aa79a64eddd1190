package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every test that a page names as proof exists. So whoever renames or removes such a test has to
/// look at the promise on the page.
final class NamedTestsTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> OF_PYTHON_IN = List.of("shim/tests", "kubectl/tests");
  private static final Pattern WORD = Pattern.compile("`([^`\\n]+)`( \\(`[a-z][^)\\n]*\\))?");
  private static final Pattern WORD_ALONE = Pattern.compile("`(\\w+)`");
  private static final Pattern CLASS = Pattern.compile("([A-Z]\\w*(?:Test|Fuzz))(?:\\.(\\w+))?");
  private static final Pattern METHOD = Pattern.compile("\\.(\\w+)");
  private static final Pattern OF_PYTHON = Pattern.compile("test_\\w+\\.py");
  private static final Pattern METHOD_OF_PYTHON = Pattern.compile("test_\\w+");
  private static final Pattern FILE = Pattern.compile("(?:fuzz/shim|shim)/\\S*");

  /// The pages of `docs`, the designs beside the code, and the architecture.
  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
    }
    try (Stream<Path> modules = Files.list(ROOT)) {
      modules.map(module -> module.resolve("DESIGN.md")).filter(Files::exists).forEach(pages::add);
    }
    pages.add(ROOT.resolve("ARCHITECTURE.md"));
    return pages.stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyTestThatAPageNamesIsThere(Path page) throws IOException {
    assertThat(missing(Files.readString(page), sources())).isEmpty();
  }

  /// Shows that the other test finds names at all: docs/security.md has more than this number.
  @Test
  void thePageOfPromisesNamesTests() throws IOException {
    Matcher word = WORD.matcher(Files.readString(ROOT.resolve("docs/security.md")));
    assertThat(word.results().filter(found -> CLASS.matcher(found.group(1)).matches()).count())
        .isGreaterThan(60);
  }

  @Test
  void theDesignsBesideTheCodeAreAmongThePages() throws IOException {
    assertThat(pages())
        .contains(
            ROOT.resolve("agent/DESIGN.md"),
            ROOT.resolve("netlink/DESIGN.md"),
            ROOT.resolve("operator/DESIGN.md"),
            ROOT.resolve("ARCHITECTURE.md"));
  }

  @Test
  void aNameThatIsNotThereIsFound() throws IOException {
    assertThat(
            missing(
                "`NamedTestsTest.pages`, `.gone`, `NamedTestsTest` (`missing`, `lost`), `NoSuchTest`,"
                    + " `.ofNoSuch`, `test_none.py` of the shim (`test_x`), `shim/none`",
                Map.of("NamedTestsTest", "List<Path> pages() void missing(")))
        .containsExactly(
            "NamedTestsTest.pages",
            "NamedTestsTest.gone",
            "NamedTestsTest.lost",
            "NoSuchTest",
            ".ofNoSuch",
            "test_none.py",
            "test_x",
            "shim/none");
  }

  /// @param sources the source of each class, by the class's name
  private static List<String> missing(String page, Map<String, String> sources) throws IOException {
    List<String> missing = new ArrayList<>();
    Optional<String> last = Optional.empty();
    String python = python();
    Matcher words = WORD.matcher(page);
    while (words.find()) {
      String word = words.group(1);
      Matcher ofClass = CLASS.matcher(word);
      Matcher method = METHOD.matcher(word);
      if (ofClass.matches()) {
        last = Optional.of(ofClass.group(1)).filter(sources::containsKey);
        List<String> methods = new ArrayList<>();
        Optional.ofNullable(ofClass.group(2)).ifPresent(methods::add);
        Optional.ofNullable(words.group(2)).ifPresent(list -> methods.addAll(quoted(list)));
        if (last.isEmpty()) {
          missing.add(word);
        } else {
          String source = sources.get(last.get());
          String name = last.get();
          methods.stream()
              .filter(one -> !source.contains("void " + one + "("))
              .forEach(one -> missing.add(name + "." + one));
        }
      } else if (method.matches()) {
        String source = last.map(sources::get).orElse("");
        if (!source.contains("void " + method.group(1) + "(")) {
          missing.add(last.orElse("") + word);
        }
      } else if (OF_PYTHON.matcher(word).matches()) {
        if (OF_PYTHON_IN.stream().noneMatch(in -> Files.exists(ROOT.resolve(in).resolve(word)))) {
          missing.add(word);
        }
      } else if (METHOD_OF_PYTHON.matcher(word).matches()) {
        if (!python.contains("def " + word + "(")) {
          missing.add(word);
        }
      } else if (FILE.matcher(word).matches() && !Files.exists(ROOT.resolve(word))) {
        missing.add(word);
      }
    }
    return missing;
  }

  /// The source of the tests of the shim and of `kubectl bond`.
  private static String python() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String directory : OF_PYTHON_IN) {
      try (Stream<Path> files = Files.list(ROOT.resolve(directory))) {
        for (Path file : files.filter(one -> one.toString().endsWith(".py")).toList()) {
          all.append(Files.readString(file));
        }
      }
    }
    return all.toString();
  }

  private static List<String> quoted(String list) {
    return WORD_ALONE.matcher(list).results().map(found -> found.group(1)).toList();
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    List<Path> modules;
    try (Stream<Path> all = Files.list(ROOT)) {
      modules =
          all.map(module -> module.resolve("src/test/java")).filter(Files::isDirectory).toList();
    }
    for (Path module : modules) {
      List<Path> files;
      try (Stream<Path> all = Files.walk(module)) {
        files = all.filter(file -> file.toString().matches(".*(Test|Fuzz)\\.java")).toList();
      }
      for (Path file : files) {
        String name = file.getFileName().toString();
        sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
      }
    }
    return sources;
  }
}
