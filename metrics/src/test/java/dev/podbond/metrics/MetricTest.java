package dev.podbond.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The table of metrics keeps the conventions of Prometheus.
final class MetricTest {
  private static final Path FOR_PROMTOOL = Path.of("target/every-metric.prom");

  /// Leaves the text for `testing/promtool`, where the tool itself reads it.
  @Test
  void noMetricBreaksAConvention() throws IOException {
    String text = StandardCharsets.UTF_8.decode(Examples.ofEach(100_000).bytes()).toString();
    Files.writeString(FOR_PROMTOOL, text);
    TextFormat read = TextFormat.read(text);

    assertThat(PromLint.faults(read)).isEmpty();
    assertThat(read.families().keySet())
        .containsExactlyElementsOf(Arrays.stream(Metric.values()).map(Metric::metricName).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# HELP x_total a\n# TYPE x_total gauge\nx_total 1\n",
        "# HELP x a\n# TYPE x counter\nx 1\n",
        "# HELP x  \n# TYPE x gauge\nx 1\n",
        "# HELP x a\nx 1\n",
        "# HELP x:y a\n# TYPE x:y gauge\nx:y 1\n",
        "# HELP xY a\n# TYPE xY gauge\nxY 1\n",
        "# HELP x_count a\n# TYPE x_count gauge\nx_count 1\n",
        "# HELP x_gauge a\n# TYPE x_gauge gauge\nx_gauge 1\n",
        "# HELP x_ms a\n# TYPE x_ms gauge\nx_ms 1\n",
        "# HELP x_minutes a\n# TYPE x_minutes gauge\nx_minutes 1\n",
        "# HELP x a\n# TYPE x gauge\nx{pciAddr=\"1\"} 1\n",
        "# HELP x a\n# TYPE x gauge\nx{le=\"1\"} 1\n",
        "# HELP x_by_pf a\n# TYPE x_by_pf gauge\nx_by_pf{pf=\"1\"} 1\n"
      })
  void whatBreaksAConventionIsFound(String text) {
    assertThat(PromLint.faults(TextFormat.read(text))).isNotEmpty();
  }

  /// The textfile collector of a node exporter drops what the exporter has itself, as
  /// `process_cpu_seconds_total`.
  @Test
  void everyNameIsOurOwn() {
    assertThat(Metric.values())
        .allSatisfy(metric -> assertThat(metric.metricName()).startsWith("podbond_"));
  }

  /// The names of the agent's own pod and node come from whoever scrapes it.
  @Test
  void labelsAreThoseThatOthersJoinBy() {
    Set<String> labels = new TreeSet<>();
    for (Metric metric : Metric.values()) {
      assertThat(metric.labels()).as(metric.metricName()).doesNotHaveDuplicates();
      labels.addAll(metric.labels());
    }

    assertThat(labels)
        .containsExactlyInAnyOrder(
            "namespace",
            "pod",
            "bond",
            "network",
            "mode",
            "monitor",
            "survives",
            "member",
            "pci_address",
            "pf",
            "pf_pci_address",
            "driver",
            "chassis",
            "port",
            "system_name",
            "command",
            "code",
            "kind",
            "version");
  }

  @Test
  void thePageListsEveryMetricAsItIs() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/metrics.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(Arrays.stream(Metric.values()).map(MetricTest::row).toList());
  }

  private static String row(Metric metric) {
    String labels =
        metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(
            metric.metricName(), metric.type(), labels.isEmpty() ? "-" : labels, metric.help());
  }

  @Test
  void aLevelShowsItselfAndWhatIsBelow() {
    assertThat(Detail.MEMBER.shows(Detail.BOND)).isTrue();
    assertThat(Detail.BOND.shows(Detail.BOND)).isTrue();
    assertThat(Detail.BOND.shows(Detail.MEMBER)).isFalse();
    assertThat(Detail.MEMBER.shows(Detail.TRAFFIC)).isFalse();
    assertThat(List.of(Detail.values())).hasToString("[bond, member, traffic]");
  }

  /// Else a level would show a part of a subject.
  @Test
  void whatIsOfAMemberIsShownWithTheMembers() {
    assertThat(Metric.values())
        .allSatisfy(metric ->
            assertThat(metric.labels().contains("member"))
                .as(metric.metricName())
                .isEqualTo(metric.detail() != Detail.BOND));
  }
}
