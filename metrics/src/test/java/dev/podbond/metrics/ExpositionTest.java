package dev.podbond.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.json.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is written is what the format says, whatever is in it.
final class ExpositionTest {
  private static final int RUNS = 2_000;
  private static final int USUAL = 100_000;

  private static String text(Exposition exposition) {
    return StandardCharsets.UTF_8.decode(exposition.bytes()).toString();
  }

  @Test
  void samplesOfOneMetricShareItsDescription() {
    Exposition text = new Exposition(USUAL);
    text.sample(Metric.PF_UP).label("ens1f0").label("0000:01:00.0").value(true);
    text.sample(Metric.PF_UP).label("ens2f0").label("0000:02:00.0").value(false);
    text.sample(Metric.PENDING_DELETIONS).value(7);
    text.finish();

    assertThat(text(text))
        .isEqualTo(
            """
            # HELP podbond_pf_up Whether a PF whose VFs are members of bonds has a carrier.
            # TYPE podbond_pf_up gauge
            podbond_pf_up{pf="ens1f0",pf_pci_address="0000:01:00.0"} 1
            podbond_pf_up{pf="ens2f0",pf_pci_address="0000:02:00.0"} 0
            # HELP podbond_pending_deletions Deletions that wait to be carried out.
            # TYPE podbond_pending_deletions gauge
            podbond_pending_deletions 7
            # HELP podbond_metrics_left_out Samples for which this answer had no room. 0 if it is complete.
            # TYPE podbond_metrics_left_out gauge
            podbond_metrics_left_out 0
            """);
  }

  @Test
  void aHistogramCountsUpToEachBound() {
    DurationHistogram durations = new DurationHistogram();
    durations.add(Duration.ofMillis(10));
    durations.add(Duration.ofMillis(10).plusNanos(1_000));
    durations.add(Duration.ofSeconds(11));
    Exposition text = new Exposition(USUAL);
    text.histogram(Metric.CNI_CALL_DURATION, "DEL", durations);

    assertThat(text(text))
        .endsWith(
            """
            # TYPE podbond_cni_call_duration_seconds histogram
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="0.01"} 1
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="0.025"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="0.05"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="0.1"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="0.25"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="0.5"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="1"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="2.5"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="5"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="10"} 2
            podbond_cni_call_duration_seconds_bucket{command="DEL",le="+Inf"} 3
            podbond_cni_call_duration_seconds_sum{command="DEL"} 11.020001
            podbond_cni_call_duration_seconds_count{command="DEL"} 3
            """);
    assertThat(durations.count()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 6, 0",
    "5, 3, 0.005",
    "-5, 3, -0.005",
    "1700000000123, 3, 1700000000.123",
    "1700000000100, 3, 1700000000.1",
    "1700000000000, 3, 1700000000",
    "100, 0, 100",
    "9223372036854775807, 0, 9223372036854775807",
    "9223372036854775807, 9, 9223372036.854775807",
    "-9223372036854775808, 0, -9223372036854775808"
  })
  void aNumberIsWrittenExactlyAndWithoutAnEmptyEnd(long unscaled, int decimals, String written) {
    Exposition text = new Exposition(USUAL);
    text.sample(Metric.PROCESS_START).decimal(unscaled, decimals);
    assertThat(text(text)).endsWith("\npodbond_agent_start_time_seconds " + written + "\n");
  }

  /// A pod names its interfaces. Whatever it writes there, it writes no line of its own and
  /// commands no terminal.
  @Test
  void noNameForgesALine() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    Exposition text = new Exposition(USUAL);
    for (int run = 0; run < RUNS; run++) {
      text.clear();
      List<String> values = new ArrayList<>();
      text.sample(Metric.BOND_INFO);
      for (int i = 0; i < Metric.BOND_INFO.labels().size(); i++) {
        values.add(hostile(random));
        text.label(values.getLast());
      }
      long value = random.nextLong();
      text.value(value);
      text.finish();

      TextFormat.Family family = TextFormat.read(text.bytes()).families().get("podbond_bond_info");
      assertThat(family.samples()).as("seed %d, run %d", seed, run).hasSize(1);
      TextFormat.Sample sample = family.samples().getFirst();
      assertThat(sample.labels().values())
          .as("seed %d, run %d", seed, run)
          .containsExactlyElementsOf(values.stream().map(Printable::line).toList());
      assertThat(sample.labels().keySet()).containsExactlyElementsOf(Metric.BOND_INFO.labels());
      assertThat(sample.value()).isEqualTo(Long.toString(value));
      assertThat(text(text).replace("\n", "")).doesNotContainPattern("\\p{Cntrl}");
    }
  }

  /// Ready labels are as those that are written one by one.
  @Test
  void labelsThatAreMadeOnceAreTheSame() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    int all = Metric.BOND_INFO.labels().size();
    for (int run = 0; run < RUNS; run++) {
      List<String> values = Stream.generate(() -> hostile(random)).limit(all).toList();
      int ready = 1 + random.nextInt(all);
      Exposition once = new Exposition(USUAL);
      once.sample(Metric.BOND_INFO)
          .labels(Labels.of(Metric.BOND_INFO, values.subList(0, ready).toArray(String[]::new)));
      values.subList(ready, all).forEach(once::label);
      once.value(1);
      Exposition each = new Exposition(USUAL);
      each.sample(Metric.BOND_INFO);
      values.forEach(each::label);
      each.value(1);

      assertThat(text(once)).as("seed %d, run %d", seed, run).isEqualTo(text(each));
    }
  }

  private static String hostile(Random random) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(20); left > 0; left--) {
      switch (random.nextInt(6)) {
        case 0 -> text.append("\\\"\n{},= #".charAt(random.nextInt(9)));
        case 1 -> text.append((char) random.nextInt(0x20));
        case 2 -> text.append((char) random.nextInt(0x10000));
        case 3 -> text.appendCodePoint(random.nextInt(0x110000));
        case 4 -> text.append("\"} 1\nx 2\n");
        default -> text.append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.toString();
  }

  @Test
  void whatDoesNotFitIsLeftOutAsAWholeAndCounted() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      int most = 1_024 + random.nextInt(8_000);
      int samples = random.nextInt(200);
      Exposition text = new Exposition(most);
      for (int i = 0; i < samples; i++) {
        Metric metric = i < samples / 2 ? Metric.BOND_UP : Metric.PF_UP;
        text.sample(metric);
        for (int label = 0; label < metric.labels().size(); label++) {
          text.label(i + "x".repeat(random.nextInt(60)));
        }
        text.value(i);
      }
      DurationHistogram none = new DurationHistogram();
      text.histogram(Metric.CNI_CALL_DURATION, "ADD", none);
      text.finish();

      TextFormat read = TextFormat.read(text.bytes());
      assertThat(text.bytes().remaining()).as("seed %d", seed).isLessThanOrEqualTo(most);
      int written = 0;
      for (String name : List.of("podbond_bond_up", "podbond_pf_up")) {
        TextFormat.Family family = read.families().get(name);
        if (family != null) {
          assertThat(family.samples()).as("seed %d: %s", seed, name).isNotEmpty();
          written += family.samples().size();
        }
      }
      boolean whole = read.families().containsKey("podbond_cni_call_duration_seconds");
      if (whole) {
        assertThat(read.families().get("podbond_cni_call_duration_seconds").samples()).hasSize(13);
      }
      assertThat(read.families().get("podbond_metrics_left_out").samples().getFirst())
          .as("seed %d", seed)
          .isEqualTo(
              new TextFormat.Sample(
                  "podbond_metrics_left_out",
                  Map.of(),
                  Integer.toString(samples - written + (whole ? 0 : 1))));
    }
  }

  @Test
  void theSameIsWrittenAgainIntoTheSameBuffer() {
    Exposition text = Examples.ofEach(USUAL);
    String first = text(text);
    text.clear();
    assertThat(text.bytes().remaining()).isZero();
    text.sample(Metric.PENDING_DELETIONS).value(0);
    assertThat(text(text)).startsWith("# HELP podbond_pending_deletions ").endsWith(" 0\n");
    assertThat(text(Examples.ofEach(USUAL))).isEqualTo(first);
  }

  @Test
  void aSampleThatIsNotOfItsMetricIsADefect() {
    Exposition text = new Exposition(USUAL);
    text.sample(Metric.PF_UP).label("a");
    assertThatThrownBy(() -> text.value(1)).hasMessageContaining("lacks a label");
    assertThatThrownBy(() -> text.sample(Metric.PF_UP)).hasMessageContaining("has no value");
    text.label("b");
    assertThatThrownBy(() -> text.label("c")).hasMessageContaining("no place");
    text.value(1);
    assertThatThrownBy(() -> text.label("c")).hasMessageContaining("no place");
    assertThatThrownBy(() -> text.sample(Metric.BOND_UP)).hasMessageContaining("comes before");
    assertThatThrownBy(() -> text.sample(Metric.PF_UP).labels(Labels.of(Metric.BOND_UP, "demo")))
        .hasMessageContaining("does not begin with the labels namespace=\"demo\"");
    assertThatThrownBy(text::keep).hasMessageContaining("whole samples");
    text.label("a").label("b").value(1);
    assertThatThrownBy(() -> Labels.of(Metric.PF_UP, "a", "b", "c"))
        .hasMessageContaining("PF_UP has no 3 labels");
    assertThatThrownBy(() -> Labels.of(Metric.PF_UP)).hasMessageContaining("PF_UP has no 0 labels");
    text.finish();
    assertThatThrownBy(text::finish).hasMessageContaining("ended before");
    assertThatThrownBy(text::keep).hasMessageContaining("whole samples");
    assertThatThrownBy(() -> new Exposition(1_000)).hasMessageContaining("1000 bytes");
  }
}
