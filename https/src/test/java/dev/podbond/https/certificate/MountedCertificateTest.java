package dev.podbond.https.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a certificate when its files change, go, or do not fit together.
final class MountedCertificateTest {
  @TempDir Path directory;
  private final List<String> said = new ArrayList<>();
  private int writes;

  @BeforeEach
  void first() throws Exception {
    write(issue(), Optional.empty());
  }

  private static Issued issue() throws GeneralSecurityException {
    return CertificateAuthority.issue(
            "test", List.of("localhost"), Instant.now(), Duration.ofDays(1))
        .server();
  }

  /// @param other whose key it is; empty for its own
  private void write(Issued issued, Optional<Issued> other) throws Exception {
    writes++;
    write("tls.crt", Issued.pem("CERTIFICATE", issued.certificate().getEncoded()));
    write("tls.key", Issued.pem("PRIVATE KEY", other.orElse(issued).key().getEncoded()));
  }

  private void write(String file, String text) throws Exception {
    Files.setLastModifiedTime(
        Files.writeString(directory.resolve(file), text),
        FileTime.from(Instant.ofEpochSecond(1_700_000_000L + writes)));
  }

  private MountedCertificate mounted() throws Exception {
    return new MountedCertificate(
        directory, ClientAuthority.of(Optional.empty()), Clock.systemUTC(), said::add);
  }

  @Test
  void itIsReadAgainWhenItChanges() throws Exception {
    MountedCertificate certificate = mounted();
    SSLContext first = certificate.get();
    assertThat(certificate.get()).isSameAs(first);

    write(issue(), Optional.empty());

    assertThat(certificate.get()).isNotSameAs(first);
    assertThat(said).isEmpty();
  }

  /// Each handshake with it would fail.
  @Test
  void aKeyOfAnotherCertificateLeavesTheOldPairInUse() throws Exception {
    MountedCertificate certificate = mounted();
    SSLContext first = certificate.get();
    Issued next = issue();
    write(next, Optional.of(issue()));

    assertThat(certificate.get()).isSameAs(first);
    assertThat(certificate.isValid()).isTrue();
    assertThat(said).singleElement().asString().contains("tls.key is not that of the first");
    assertThatThrownBy(this::mounted).isInstanceOf(GeneralSecurityException.class);

    writes++;
    write("tls.key", Issued.pem("PRIVATE KEY", next.key().getEncoded()));
    assertThat(certificate.get()).isNotSameAs(first);
  }

  @Test
  void whatIsBadOrGoneIsReadAndSaidOnce() throws Exception {
    MountedCertificate certificate = mounted();
    SSLContext first = certificate.get();
    writes++;
    write("tls.crt", "no certificate\n");
    for (int i = 0; i < 5; i++) {
      assertThat(certificate.get()).isSameAs(first);
    }
    assertThat(said).hasSize(1);

    Files.delete(directory.resolve("tls.crt"));
    for (int i = 0; i < 5; i++) {
      assertThat(certificate.get()).isSameAs(first);
    }
    assertThat(said).hasSize(2);
    assertThat(said.getLast()).contains("tls.crt is not there", "the one before it stays");

    write(issue(), Optional.empty());
    assertThat(certificate.get()).isNotSameAs(first);
    assertThat(said).hasSize(2);
  }

  @Test
  void thatItHasExpiredIsSaidOnce() throws Exception {
    MountedCertificate certificate =
        new MountedCertificate(
            directory,
            ClientAuthority.of(Optional.empty()),
            Clock.fixed(Instant.now().plus(Duration.ofDays(2)), ZoneOffset.UTC),
            said::add);

    for (int i = 0; i < 3; i++) {
      assertThat(certificate.get()).isNotNull();
      assertThat(certificate.isValid()).isFalse();
    }

    assertThat(said).singleElement().asString().contains("expired at", "renew the Secret");
  }
}
