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
/// @param metrics where it serves metrics over HTTPS; empty if nowhere
/// @param certificate a directory with tls.crt and tls.key; empty if it issues its own
record ReporterSettings(
    Optional<String> node,
    AgentSocket agent,
    Path probes,
    ApiServer server,
    Optional<ListenAddress> metrics,
    Optional<Path> certificate) {
  /// @throws IllegalArgumentException if something is missing or wrong; the message says what
  static ReporterSettings of(Map<String, String> environment) {
    Optional<String> node = set(environment, "NODE");
    Optional<String> listen = set(environment, "PODBOND_METRICS_LISTEN");
    Optional<ListenAddress> metrics = listen.flatMap(ListenAddress::parse);
    Optional<String> agent = set(environment, "PODBOND_QUERY_SOCKET");
    Optional<String> probes = set(environment, "PODBOND_SOCKET");
    Optional<ApiServer> server = ApiServer.of(environment);
    if (listen.isPresent() && metrics.isEmpty()) {
      throw new IllegalArgumentException(
          "PODBOND_METRICS_LISTEN is '"
              + listen.get()
              + "', which must be an address and a port, as 127.0.0.1:9810 or [::]:9810");
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

  private static Optional<String> set(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
  }
}
