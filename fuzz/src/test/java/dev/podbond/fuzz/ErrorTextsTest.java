package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/errors.md quotes error texts exactly as the code writes them. Each piece of a quote between
/// two "…" must be part of one string in the source of plugins, agent or shim.
class ErrorTextsTest {
  private static final Path ROOT = Path.of("..");
  private static final String HEAD = "| error text | code | cause | fix |";
  private static final Pattern QUOTE = Pattern.compile("^\\| `([^`]+)` \\|");

  /// The end of one literal of a concatenation and the beginning of the next, in Java and in C.
  private static final Pattern SEAM = Pattern.compile("\"\\s*\\+?\\s*\"");

  @Test
  void eachQuotedTextIsInTheSource() throws IOException {
    assertThat(missing(quotes(), source())).isEmpty();
  }

  /// Shows that the other test finds quotes at all.
  @Test
  void thePageQuotesTwentyTexts() throws IOException {
    assertThat(quotes()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void aTextThatIsNotThereIsFound() {
    assertThat(
            missing(
                List.of("the name … is free", "no … at all"), "\"the name \" + x + \" is free\""))
        .containsExactly("no … at all: \"no\"", "no … at all: \"at all\"");
  }

  private static List<String> missing(List<String> quotes, String source) {
    return quotes.stream()
        .flatMap(quote ->
            Stream.of(quote.split("…", -1))
                .map(String::strip)
                .filter(part -> !source.contains(part))
                .map(part -> quote + ": \"" + part + '"'))
        .toList();
  }

  private static List<String> quotes() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("docs/errors.md"));
    return lines.stream()
        .dropWhile(line -> !line.equals(HEAD))
        .takeWhile(line -> line.startsWith("|"))
        .flatMap(line -> QUOTE.matcher(line).results())
        .map((MatchResult quote) -> quote.group(1))
        .toList();
  }

  /// All code that answers a runtime, with concatenated literals joined.
  private static String source() throws IOException {
    StringBuilder source = new StringBuilder();
    for (String module : List.of("cni", "bonding", "node", "plugins", "agent", "shim")) {
      Path code = ROOT.resolve(module.equals("shim") ? module : module + "/src/main/java");
      try (Stream<Path> files = Files.walk(code)) {
        for (Path file : files.filter(ErrorTextsTest::isCode).toList()) {
          source.append(Files.readString(file)).append('\n');
        }
      }
    }
    String quotesApart = source.toString().replace("\\\"", "\0");
    return SEAM.matcher(quotesApart).replaceAll("").replace('\0', '"');
  }

  private static boolean isCode(Path file) {
    return file.toString().endsWith(".java") || file.toString().endsWith(".c");
  }
}
