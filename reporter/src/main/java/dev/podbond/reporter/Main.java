package dev.podbond.reporter;

import dev.podbond.value.IoReason;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The executable that keeps a node's BondNodeState, serves its metrics over HTTPS, or both. Its
/// environment says what: `NODE` is the node's name if its state is to be told,
/// `PODBOND_METRICS_LISTEN` an address and a port for metrics and `PODBOND_METRICS_CERTIFICATE` the
/// directory of their certificate, `PODBOND_QUERY_SOCKET` the agent's socket for questions,
/// `PODBOND_SOCKET` where it answers kubelet's probe itself, and `KUBERNETES_SERVICE_HOST` the API
/// server.
///
/// When it is told to end it just ends: whether what it has written is still true, the readiness of
/// its pod says.
public final class Main {
  private Main() {}

  static void main() throws IOException, InterruptedException {
    ReporterLog log = new ReporterLog(System.err);
    try {
      run(ReporterSettings.of(System.getenv()), log);
    } catch (IllegalArgumentException e) {
      log.say(IoReason.of(e));
      System.exit(2);
    }
  }

  private static void run(ReporterSettings settings, ReporterLog log)
      throws IOException, InterruptedException {
    // A sentence of the one does not hide that of the other.
    Optional<SecureMetrics> metrics =
        settings
            .metrics()
            .map(where -> new SecureMetrics(settings, where, new ReporterLog(System.err)));
    if (settings.node().isEmpty()) {
      answerProbes(settings, () -> metrics.filter(SecureMetrics::isServing).isPresent());
      // Its server goes on.
      metrics.ifPresent(SecureMetrics::run);
      return;
    }
    Reporter reporter =
        new Reporter(
            settings.agent(),
            new NodeObject(settings.server(), settings.node().get()),
            version(),
            log);
    // Whether the node's state is true, the operator takes from this.
    answerProbes(settings, reporter::isReady);
    metrics.ifPresent(all -> Thread.ofPlatform().daemon().name("open-metrics").start(all));
    Signal signal = new Signal();
    Thread.ofPlatform()
        .daemon()
        .name("news")
        .start(new News(settings.agent(), signal, News.Times.USUAL));
    reporter.run(signal);
  }

  private static void answerProbes(ReporterSettings settings, BooleanSupplier ready)
      throws IOException {
    Thread.ofPlatform().daemon().name("readiness").start(Readiness.open(settings.probes(), ready));
  }

  private static String version() {
    return Optional.ofNullable(Main.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("");
  }
}
