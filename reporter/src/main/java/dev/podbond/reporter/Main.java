package dev.podbond.reporter;

import dev.podbond.value.IoReason;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.Optional;

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
  /// The exit code after a defect (`sysexits.h`, EX_SOFTWARE).
  private static final int DEFECT = 70;

  private Main() {}

  static void main() throws IOException, InterruptedException {
    ReporterLog log = new ReporterLog(System.err);
    Thread.currentThread()
        .setUncaughtExceptionHandler((thread, defect) -> end(thread, defect, log));
    ReporterSettings settings;
    try {
      settings = ReporterSettings.of(System.getenv());
    } catch (IllegalArgumentException e) {
      log.say(IoReason.of(e));
      System.exit(2);
      return;
    }
    run(settings, log);
  }

  /// Ends the process: the threads of the metrics would keep it alive, and its pod ready, while
  /// nobody tells the node's state any more.
  private static void end(Thread thread, Throwable defect, ReporterLog log) {
    log.say("ends, since a defect ended its thread " + thread.getName() + ": " + defect);
    Runtime.getRuntime().halt(DEFECT);
  }

  /// Goes on until its thread is interrupted.
  static void run(ReporterSettings settings, ReporterLog log)
      throws IOException, InterruptedException {
    // A sentence of the one does not hide that of the other.
    Optional<SecureMetrics> metrics =
        settings
            .metrics()
            .map(where -> new SecureMetrics(settings, where, new ReporterLog(System.err)));
    if (settings.node().isEmpty()) {
      start(
          "readiness",
          Readiness.open(
              settings.probes(), () -> metrics.filter(SecureMetrics::isServing).isPresent()),
          log);
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
    start("readiness", Readiness.open(settings.probes(), reporter::isReady), log);
    metrics.ifPresent(all -> start("open-metrics", all, log));
    Signal signal = new Signal();
    start("news", new News(settings.agent(), signal, News.Times.USUAL), log);
    reporter.run(signal);
  }

  private static void start(String name, Runnable steps, ReporterLog log) {
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .uncaughtExceptionHandler((thread, defect) -> end(thread, defect, log))
        .start(steps);
  }

  private static String version() {
    return Optional.ofNullable(Main.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("");
  }
}
