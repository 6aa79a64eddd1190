package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart may set.
final class ReporterSettingsTest {
  private static Map<String, String> environment(String... more) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "PODBOND_QUERY_SOCKET",
                "/q",
                "PODBOND_SOCKET",
                "/s",
                "KUBERNETES_SERVICE_HOST",
                "10.0.0.1"));
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void itTellsTheNodesStateServesMetricsOrBoth() {
    ReporterSettings state = ReporterSettings.of(environment("NODE", "n1"));
    assertThat(state.node()).contains("n1");
    assertThat(state.metrics()).isEmpty();

    ReporterSettings metrics =
        ReporterSettings.of(
            environment(
                "PODBOND_METRICS_LISTEN",
                "[2001:db8::1]:9810",
                "PODBOND_METRICS_CERTIFICATE",
                "/certificate"));
    assertThat(metrics.node()).isEmpty();
    assertThat(ReporterSettings.listen(metrics.metrics().orElseThrow()).address().getPort())
        .isEqualTo(9810);
    assertThat(metrics.certificate()).contains(Path.of("/certificate"));

    ReporterSettings both =
        ReporterSettings.of(environment("NODE", "n1", "PODBOND_METRICS_LISTEN", "10.0.0.7:9810"));
    assertThat(both.node()).isPresent();
    assertThat(both.metrics()).isPresent();
    assertThat(both.certificate()).isEmpty();
  }

  @Test
  void withNothingToDoItSaysSo() {
    assertThatThrownBy(() -> ReporterSettings.of(environment()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run it as the chart does");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9810", "host:9810", "10.0.0.7:0", "$(NODE_IP):9810"})
  void anAddressThatIsNoneIsNamed(String address) {
    assertThatThrownBy(() -> ReporterSettings.of(environment("PODBOND_METRICS_LISTEN", address)))
        .hasMessageContaining("'" + address + "'");
  }

  /// The node's state is told all the same, and the log says what is wrong.
  @Test
  void besideTheNodesStateABadAddressIsNoReasonToEnd() {
    ReporterSettings settings =
        ReporterSettings.of(environment("NODE", "n1", "PODBOND_METRICS_LISTEN", "host:9810"));
    assertThat(settings.node()).contains("n1");
    assertThat(settings.metrics()).contains("host:9810");
  }

  /// As the chart composes it on a node with such an address.
  @Test
  void anIpv6AddressOfTheNodeNeedsNoBrackets() {
    ReporterSettings settings =
        ReporterSettings.of(environment("PODBOND_METRICS_LISTEN", "2001:db8::1:9810"));
    assertThat(ReporterSettings.listen(settings.metrics().orElseThrow()))
        .isEqualTo(ReporterSettings.listen("[2001:db8::1]:9810"));
  }
}
