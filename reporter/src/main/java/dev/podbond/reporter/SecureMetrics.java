package dev.podbond.reporter;

import dev.podbond.https.certificate.ClientAuthority;
import dev.podbond.https.certificate.MountedCertificate;
import dev.podbond.https.certificate.PresentedCertificate;
import dev.podbond.https.certificate.SelfSignedCertificate;
import dev.podbond.reporter.door.MetricsDoor;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Opens the port for metrics, and keeps it open. Where another program has the port, the
/// certificate is not there yet, or the address is none, it says so and tries again: the node's
/// state is told all the same.
final class SecureMetrics implements Runnable {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final ReporterSettings settings;
  private final String where;
  private final Duration look;
  private final ReporterLog log;
  private volatile Optional<MetricsDoor> door = Optional.empty();

  /// @param where an address and a port
  SecureMetrics(ReporterSettings settings, String where, ReporterLog log) {
    this(settings, where, LOOK, log);
  }

  /// @param look how often it looks whether the port is still open
  SecureMetrics(ReporterSettings settings, String where, Duration look, ReporterLog log) {
    this.settings = settings;
    this.where = where;
    this.look = look;
    this.log = log;
  }

  /// Whether it serves metrics.
  boolean isServing() {
    return door.filter(MetricsDoor::isServing).isPresent();
  }

  /// What is open now; empty if nothing is.
  Optional<MetricsDoor> door() {
    return door;
  }

  /// Goes on until its thread is interrupted.
  @Override
  public void run() {
    try {
      while (true) {
        if (!isServing()) {
          open();
        }
        Thread.sleep(look);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      door.ifPresent(MetricsDoor::close);
    }
  }

  private void open() {
    // One that lost its thread still has the port.
    door.ifPresent(MetricsDoor::close);
    door = Optional.empty();
    try {
      MetricsDoor opened =
          MetricsDoor.open(
              ReporterSettings.listen(where).address(),
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
    }
  }

  private PresentedCertificate certificate() throws GeneralSecurityException, IOException {
    return settings.certificate().isPresent()
        ? new MountedCertificate(settings.certificate().get(), ClientAuthority.of(Optional.empty()))
        : new SelfSignedCertificate("podbond reporter", List.of("podbond-agent"));
  }
}
