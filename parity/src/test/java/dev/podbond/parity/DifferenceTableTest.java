package dev.podbond.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DifferenceTableTest {
  private static final Path DOCS = CaseReaderTest.ROOT.resolve("../docs");

  private static Explanation explanation(String id, String... where) {
    return new Explanation(id, Explanation.Kind.BETTER, "Because.", List.of(where));
  }

  private static final Difference CODE = new Difference("mtu/big 1.ADD bond", "code", "100", "999");

  @Test
  void aStarStandsForAnyText() {
    assertThat(Explanation.covers("mtu/* code: ours *, theirs 999", CODE)).isTrue();
    assertThat(Explanation.covers("mtu/* code: ours 7, theirs 999", CODE)).isFalse();
    assertThat(Explanation.covers("mtu.*", CODE)).isFalse();
  }

  @Test
  void whatIsNotCoveredIsUnexplainedAndWhatCoversNothingIsStale() {
    DifferenceTable table =
        new DifferenceTable(List.of(explanation("a", "mtu/*", "vlan/*"), explanation("b", "x")));
    Difference other = new Difference("mode/odd 1.ADD bond", "exit", "0", "1");
    DifferenceTable.Verdict verdict = table.judge(List.of(CODE, other), true);
    assertThat(verdict.unexplained()).containsExactly(other);
    assertThat(verdict.explained()).containsOnlyKeys("a");
    assertThat(verdict.stale()).containsExactly("a: vlan/*", "b: x");
    assertThat(table.judge(List.of(CODE, other), false).stale()).isEmpty();
  }

  @Test
  void anIdIsUsedOnce() {
    assertThatThrownBy(
            () -> new DifferenceTable(List.of(explanation("a", "x"), explanation("a", "y"))))
        .hasMessageContaining("a");
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void everyExplanationHasAReasonAndNoPatternCoversEverything(Suite suite) throws Exception {
    for (Explanation each :
        DifferenceTable.read(suite.differences(CaseReaderTest.ROOT)).explanations()) {
      assertThat(each.reason()).as(each.id()).endsWith(".");
      assertThat(each.where()).as(each.id()).isNotEmpty();
      assertThat(each.where()).as(each.id()).allMatch(pattern -> pattern.contains(": ours "));
    }
  }

  static Stream<Arguments> documents() {
    return Stream.of(
        Arguments.of("bond-cni-differences.md", List.of(Suite.BOND, Suite.STORIES)),
        Arguments.of("sriov-cni-differences.md", List.of(Suite.SRIOV)));
  }

  /// The page for people has a row for each entry, with the same words, and no others.
  @ParameterizedTest
  @MethodSource("documents")
  void theDocumentSaysWhatTheTablesSay(String page, List<Suite> suites) throws Exception {
    List<String> rows = new ArrayList<>();
    for (Suite suite : suites) {
      for (Explanation each :
          DifferenceTable.read(suite.differences(CaseReaderTest.ROOT)).explanations()) {
        rows.add(
            "| `%s` | %s | %s |"
                .formatted(each.id(), each.kind().name().toLowerCase(Locale.ROOT), each.reason()));
      }
    }
    assertThat(Files.readAllLines(DOCS.resolve(page)))
        .filteredOn(line -> line.startsWith("| `"))
        .containsExactlyElementsOf(rows);
  }
}
