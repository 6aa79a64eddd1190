package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart renders, before the judge that counts: a server-side dry run.
@Tag("cluster")
final class ChartClusterTest {
  private static final Path CHART = Path.of("../packaging/chart");
  private static final Path MANIFESTS = Path.of("../packaging/kubernetes");

  @TempDir static Path directory;
  private static TestCluster cluster;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.installKinds();
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-f ../packaging/chart/values-okd.yaml",
        "--set=webhook.certManager=true",
        "--set=standalone.renderNetworks=true --set=standalone.makeVfs=true --set=operator.replicas=1",
        "-f ../packaging/chart/values-okd.yaml --set=standalone.makeVfs=true --set=plugin.alsoAs={bond,sriov}"
      })
  void isValid(String values) throws IOException {
    Path file = directory.resolve("chart.yaml");
    Files.writeString(file, template(values));

    TestCluster.Output output =
        cluster.kubectl(
            "apply",
            "--server-side",
            "--validate=strict",
            "--dry-run=server",
            "-f",
            file.toString());

    assertThat(output.status()).as(output.text()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"podbond.yaml, ''", "podbond-okd.yaml, -f ../packaging/chart/values-okd.yaml"})
  void isWhatThePlainManifestsAre(String manifest, String values) throws IOException {
    assertThat(Files.readString(MANIFESTS.resolve(manifest)))
        .as("run packaging/manifests")
        .isEqualTo(template(values));
  }

  private static String template(String values) {
    List<String> arguments =
        new ArrayList<>(List.of("template", "podbond", CHART.toString(), "--namespace=podbond"));
    if (!values.isEmpty()) {
      arguments.addAll(List.of(values.split(" ")));
    }
    return cluster.helm(arguments.toArray(String[]::new));
  }
}
