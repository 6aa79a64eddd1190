package dev.podbond.reporter;

import dev.podbond.agent.apiserver.ApiServer;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The executable that keeps a node's BondNodeState. Its environment says where: `NODE` is the
/// node's name, `PODBOND_QUERY_SOCKET` the agent's socket for questions, `PODBOND_SOCKET` where it
/// answers kubelet's probe itself, and `KUBERNETES_SERVICE_HOST` the API server.
///
/// When it is told to end it just ends: whether what it has written is still true, the readiness of
/// its pod says.
public final class Main {
  private Main() {}

  static void main() throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    ReporterLog log = new ReporterLog(System.err);
    String node = environment.getOrDefault("NODE", "");
    String socket = environment.getOrDefault("PODBOND_QUERY_SOCKET", "");
    String probes = environment.getOrDefault("PODBOND_SOCKET", "");
    Optional<ApiServer> server = ApiServer.of(environment);
    if (node.isEmpty() || socket.isEmpty() || probes.isEmpty() || server.isEmpty()) {
      log.say(
          "NODE, PODBOND_QUERY_SOCKET, PODBOND_SOCKET and KUBERNETES_SERVICE_HOST must be set: run it"
              + " as the chart does");
      System.exit(2);
    }
    AgentSocket agent = new AgentSocket(Path.of(socket));
    Reporter reporter =
        new Reporter(agent, new NodeObject(server.orElseThrow(), node), version(), log);
    Signal signal = new Signal();
    Thread.ofPlatform()
        .daemon()
        .name("readiness")
        .start(Readiness.open(Path.of(probes), reporter::isReady));
    Thread.ofPlatform().daemon().name("news").start(new News(agent, signal, News.Times.USUAL));
    reporter.run(signal);
  }

  private static String version() {
    return Optional.ofNullable(Main.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("");
  }
}
