package dev.podbond.reporter;

import dev.podbond.https.certificate.ClientAuthority;
import dev.podbond.https.certificate.MountedCertificate;
import dev.podbond.https.certificate.PresentedCertificate;
import dev.podbond.https.certificate.SelfSignedCertificate;
import dev.podbond.reporter.door.MetricsDoor;
import dev.podbond.value.IoReason;
import dev.podbond.value.ListenAddress;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Opens the port for metrics, and tries again for as long as it has to: where another program has
/// the port, or the certificate is not there yet, the node's state is told all the same.
final class SecureMetrics implements Runnable {
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final ReporterSettings settings;
  private final ListenAddress where;
  private final ReporterLog log;
  private volatile Optional<MetricsDoor> door = Optional.empty();

  SecureMetrics(ReporterSettings settings, ListenAddress where, ReporterLog log) {
    this.settings = settings;
    this.where = where;
    this.log = log;
  }

  /// Whether it serves metrics.
  boolean isServing() {
    return door.filter(MetricsDoor::isServing).isPresent();
  }

  /// Returns once it serves metrics, or when its thread is interrupted.
  @Override
  public void run() {
    try {
      while (!isServing()) {
        try {
          MetricsDoor opened =
              MetricsDoor.open(
                  where.address(),
                  certificate(),
                  settings.server(),
                  settings.agent()::metrics,
                  log::say);
          opened.start();
          door = Optional.of(opened);
          log.say("metrics are served over HTTPS on port " + opened.port());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
          // What is no certificate at all ends in a RuntimeException of the JDK's parsers.
          log.say(
              "no metrics are served: "
                  + IoReason.withFile(e)
                  + "; look at agent.secureMetrics of the chart, and at what else has the port");
          Thread.sleep(RETRY);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private PresentedCertificate certificate() throws GeneralSecurityException, IOException {
    return settings.certificate().isPresent()
        ? new MountedCertificate(settings.certificate().get(), ClientAuthority.of(Optional.empty()))
        : new SelfSignedCertificate("podbond reporter", List.of("podbond-agent"));
  }
}
