package dev.podbond.reporter;

import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.value.ListenAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a reporter does, from the environment variables of its manifest.
///
/// @param node whose BondNodeState it keeps; empty if none
/// @param agent the agent's socket for questions
/// @param probes where it answers kubelet
/// @param server the API server
/// @param metrics where it serves metrics over HTTPS, as it was written; empty if nowhere. It is an
///   address and a port if there is no node: with one, its state is told in any case
/// @param certificate a directory with tls.crt and tls.key; empty if it issues its own
record ReporterSettings(
    Optional<String> node,
    AgentSocket agent,
    Path probes,
    ApiServer server,
    Optional<String> metrics,
    Optional<Path> certificate) {
  /// @throws IllegalArgumentException if something is missing or wrong; the message says what
  static ReporterSettings of(Map<String, String> environment) {
    Optional<String> node = set(environment, "NODE");
    Optional<String> metrics = set(environment, "PODBOND_METRICS_LISTEN");
    Optional<String> agent = set(environment, "PODBOND_QUERY_SOCKET");
    Optional<String> probes = set(environment, "PODBOND_SOCKET");
    Optional<ApiServer> server = ApiServer.of(environment);
    if (node.isEmpty() && metrics.isPresent()) {
      ListenAddress _ = listen(metrics.get());
    }
    if (agent.isEmpty()
        || probes.isEmpty()
        || server.isEmpty()
        || (node.isEmpty() && metrics.isEmpty())) {
      throw new IllegalArgumentException(
          "PODBOND_QUERY_SOCKET, PODBOND_SOCKET, KUBERNETES_SERVICE_HOST, and NODE or"
              + " PODBOND_METRICS_LISTEN must be set: run it as the chart does");
    }
    return new ReporterSettings(
        node,
        new AgentSocket(Path.of(agent.get())),
        Path.of(probes.get()),
        server.get(),
        metrics,
        set(environment, "PODBOND_METRICS_CERTIFICATE").map(Path::of));
  }

  /// The address and port that a text says.
  ///
  /// @throws IllegalArgumentException if it says none
  static ListenAddress listen(String text) {
    return ListenAddress.ofComposed(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "PODBOND_METRICS_LISTEN is '"
                    + text
                    + "', which must be an address and a port, as 127.0.0.1:9810 or"
                    + " [::]:9810"));
  }

  private static Optional<String> set(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
  }
}
