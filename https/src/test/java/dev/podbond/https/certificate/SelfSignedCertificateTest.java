package dev.podbond.https.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/// A certificate of a process's own, whose time is the test's.
final class SelfSignedCertificateTest {
  private static final class Hand extends Clock {
    private Instant now = Instant.now();

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @Test
  void itIsKeptUntilAThirdOfItsLifetimeIsLeft() throws Exception {
    Hand clock = new Hand();
    SelfSignedCertificate certificate =
        new SelfSignedCertificate("podbond reporter", List.of("localhost"), clock);
    SSLContext first = certificate.get();
    clock.now = clock.now.plus(Duration.ofDays(59));
    assertThat(certificate.get()).isSameAs(first);

    clock.now = clock.now.plus(Duration.ofDays(2));

    assertThat(certificate.get()).isNotSameAs(first);
    assertThat(certificate.isValid()).isTrue();
  }

  /// After a long sleep of the machine, too.
  @Test
  void nobodyIsGivenOneThatHasEnded() throws Exception {
    Hand clock = new Hand();
    SelfSignedCertificate certificate =
        new SelfSignedCertificate("podbond reporter", List.of("localhost"), clock);
    SSLContext first = certificate.get();

    clock.now = clock.now.plus(Duration.ofDays(400));

    assertThat(certificate.isValid()).isTrue();
    assertThat(certificate.get()).isNotSameAs(first);
  }
}
