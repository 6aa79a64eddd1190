package dev.podbond.bonding.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.option.OptionDomain.Choice;
import dev.podbond.bonding.option.OptionDomain.Flag;
import dev.podbond.bonding.option.OptionDomain.MacValue;
import dev.podbond.bonding.option.OptionDomain.Member;
import dev.podbond.bonding.option.OptionDomain.NotSettable;
import dev.podbond.bonding.option.OptionDomain.Range;
import dev.podbond.bonding.option.OptionDomain.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Compares the table of options in docs/bond.md with [BondOption], row by row. To fix a failure,
/// copy the expected row and write its meaning.
class BondOptionPageTest {
  private static final Path PAGE = Path.of("..", "docs", "bond.md");
  private static final String HEAD = "| option | kernel's default | values | modes | Linux |";

  @Test
  void thePageHasOneTrueRowForEachOption() throws IOException {
    assertThat(rows().map(row -> row.substring(0, row.lastIndexOf('|'))))
        .containsExactlyElementsOf(
            Stream.of(BondOption.values()).map(BondOptionPageTest::row).toList());
  }

  @Test
  void eachRowHasAMeaning() throws IOException {
    assertThat(rows().map(row -> row.substring(row.lastIndexOf('|') + 1).strip()))
        .isNotEmpty()
        .noneMatch(String::isEmpty);
  }

  /// The rows of the table, without the bar at their end.
  private static Stream<String> rows() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    return lines.stream()
        .dropWhile(line -> !line.startsWith(HEAD))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> line.substring(0, line.length() - " |".length()));
  }

  /// All cells but the meaning.
  private static String row(BondOption option) {
    String keys =
        Stream.concat(Stream.of(option.key()), option.aliases().stream())
            .map(BondOptionPageTest::code)
            .collect(Collectors.joining(", "));
    return "| %s | %s | %s | %s | %s "
        .formatted(
            keys,
            defaultOf(option),
            values(option.domain()),
            modes(option.modes()),
            option.sinceKernel().orElse(""));
  }

  private static String defaultOf(BondOption option) {
    return switch (option.domain()) {
      case Choice choice -> code(choice.name(option.defaultNumber()).orElseThrow());
      case Flag _, Range _ -> Long.toString(option.defaultNumber());
      case Targets _, MacValue _, Member _, NotSettable _ -> "unset";
    };
  }

  private static String values(OptionDomain domain) {
    return switch (domain) {
      case Choice(List<Choice.Name> names) ->
          names.stream().map(name -> code(name.text())).collect(Collectors.joining(", "))
              + "; or 0 to "
              + (names.size() - 1);
      case Range(long min, long max, String unit) ->
          min + " to " + max + (unit.isEmpty() ? "" : " " + unit);
      case Targets(boolean ipv6) ->
          "1 to " + Targets.MAX + (ipv6 ? " IPv6 addresses" : " IPv4 addresses");
      case Flag _ -> "0 or 1";
      case MacValue _ -> "a MAC address, not multicast";
      case Member _ -> "the name of one of the links";
      case NotSettable _ -> "cannot be set";
    };
  }

  private static String modes(ModeRule rule) {
    if (rule.equals(ModeRule.ALL)) {
      return "all";
    }
    return rule.accepted().size() == BondMode.values().length
        ? "all, used in " + ModeRule.list(rule.effective())
        : "only " + ModeRule.list(rule.accepted());
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
