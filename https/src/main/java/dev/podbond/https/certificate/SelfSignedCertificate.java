package dev.podbond.https.certificate;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// A certificate of this process's own. It keeps what goes over a connection from whoever listens,
/// but does not say who answers, since nobody knows its authority. A new one is issued when a third
/// of its lifetime is left.
public final class SelfSignedCertificate implements PresentedCertificate {
  private static final Duration LIFETIME = Duration.ofDays(90);

  private final String subject;
  private final List<String> names;
  private final Clock clock;
  private SSLContext context;
  private Instant end;

  /// Issues the first one.
  ///
  /// @param subject whose it is, for people
  /// @param names the server's names in DNS
  public SelfSignedCertificate(String subject, List<String> names)
      throws GeneralSecurityException, IOException {
    this(subject, names, Clock.systemUTC());
  }

  SelfSignedCertificate(String subject, List<String> names, Clock clock)
      throws GeneralSecurityException, IOException {
    this.subject = subject;
    this.names = List.copyOf(names);
    this.clock = clock;
    this.end = clock.instant().plus(LIFETIME);
    this.context = issue();
  }

  @Override
  public synchronized SSLContext get() {
    if (clock.instant().isAfter(end.minus(LIFETIME.dividedBy(3)))) {
      try {
        context = issue();
        end = clock.instant().plus(LIFETIME);
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException("cannot issue a certificate", e);
      }
    }
    return context;
  }

  @Override
  public synchronized boolean isValid() {
    get();
    return clock.instant().isBefore(end);
  }

  private SSLContext issue() throws GeneralSecurityException, IOException {
    Issued issued = CertificateAuthority.issue(subject, names, clock.instant(), LIFETIME).server();
    return ServerCertificate.context(
        Issued.pem("CERTIFICATE", issued.certificate().getEncoded()),
        Issued.pem("PRIVATE KEY", issued.key().getEncoded()),
        ClientAuthority.of(Optional.empty()));
  }
}
