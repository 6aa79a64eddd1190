package dev.podbond.https.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is issued, as the JDK's own parser, path validation and TLS understand it.
final class CertificateAuthorityTest {
  private static final List<String> NAMES =
      List.of("podbond-webhook.podbond.svc", "podbond-webhook.podbond.svc.cluster.local");
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  /// Bits of `KeyUsage`, RFC 5280 section 4.2.1.3.
  private static final int DIGITAL_SIGNATURE = 0;

  private static final int KEY_CERT_SIGN = 5;

  private static CertificateAuthority.Pair issue() throws GeneralSecurityException {
    return CertificateAuthority.issue("podbond webhook", NAMES, NOW, Duration.ofDays(90));
  }

  private static X509Certificate parsedAgain(X509Certificate certificate) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate.getEncoded()));
  }

  @Test
  void theServersCertificateSaysWhoseItIsAndForHowLong() throws Exception {
    X509Certificate server = parsedAgain(issue().server().certificate());

    assertThat(server.getVersion()).isEqualTo(3);
    assertThat(server.getSubjectX500Principal().getName()).isEqualTo("CN=podbond webhook");
    assertThat(server.getSubjectAlternativeNames())
        .extracting(name -> List.<Object>copyOf(name))
        .containsExactly(List.of(2, NAMES.get(0)), List.of(2, NAMES.get(1)));
    // An hour back, as clocks differ.
    assertThat(server.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(server.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(90)));
  }

  @Test
  void theServersCertificateServesAndSignsNoOthers() throws Exception {
    X509Certificate server = parsedAgain(issue().server().certificate());

    assertThat(server.getBasicConstraints()).isNegative();
    assertThat(bits(server.getKeyUsage())).containsExactly(DIGITAL_SIGNATURE);
    assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
  }

  @Test
  void theAuthoritySignsCertificatesAndNothingElse() throws Exception {
    X509Certificate authority = parsedAgain(issue().authority());

    assertThat(authority.getBasicConstraints()).isNotNegative();
    assertThat(bits(authority.getKeyUsage())).containsExactly(KEY_CERT_SIGN);
    authority.verify(authority.getPublicKey());
  }

  /// What none understands and none may skip would make the certificate useless to a client.
  @Test
  void everyExtensionIsUnderstood() throws Exception {
    CertificateAuthority.Pair pair = issue();

    assertThat(pair.authority().hasUnsupportedCriticalExtension()).isFalse();
    assertThat(pair.server().certificate().hasUnsupportedCriticalExtension()).isFalse();
  }

  @Test
  void theKeyIsTheCertificates() throws Exception {
    Issued server = issue().server();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(server.key());
    signature.update(new byte[] {1, 2, 3});
    byte[] signed = signature.sign();

    signature.initVerify(server.certificate());
    signature.update(new byte[] {1, 2, 3});
    assertThat(signature.verify(signed)).isTrue();
  }

  @Test
  void itsOwnAuthorityVouchesForItWhileItIsValid() throws Exception {
    CertificateAuthority.Pair pair = issue();

    assertThatCode(() -> validate(pair.server().certificate(), pair.authority(), NOW))
        .doesNotThrowAnyException();
    Duration beyond = Duration.ofDays(91);
    assertThatThrownBy(
            () -> validate(pair.server().certificate(), pair.authority(), NOW.plus(beyond)))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("validity check failed");
    assertThatThrownBy(
            () -> validate(pair.server().certificate(), pair.authority(), NOW.minus(beyond)))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("validity check failed");
  }

  /// Of the same name, from another hour.
  @Test
  void anotherAuthorityDoesNotVouchForIt() throws Exception {
    X509Certificate server = issue().server().certificate();
    X509Certificate other = issue().authority();

    assertThatThrownBy(() -> validate(server, other, NOW))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("signature check failed");
  }

  @Test
  void aClientTakesItForItsNames() throws Exception {
    for (String name : NAMES) {
      assertThatCode(() -> connect(issue(), name)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "podbond-webhook.other.svc",
        "webhook.podbond.svc",
        "podbond-webhook.podbond.svc.cluster",
        "x.podbond-webhook.podbond.svc",
        "127.0.0.1"
      })
  void aClientRefusesItForAnyOtherName(String name) throws Exception {
    CertificateAuthority.Pair pair = issue();

    assertThatThrownBy(() -> connect(pair, name))
        .isInstanceOf(SSLHandshakeException.class)
        .hasRootCauseInstanceOf(CertificateException.class)
        .hasMessageContaining("o subject alternative");
  }

  @Test
  void noTwoHaveTheSameNumber() throws Exception {
    Set<Object> numbers = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      CertificateAuthority.Pair pair = issue();
      numbers.add(pair.authority().getSerialNumber());
      numbers.add(pair.server().certificate().getSerialNumber());
    }

    assertThat(numbers).hasSize(20);
  }

  private static List<Integer> bits(boolean[] usage) {
    return IntStream.range(0, usage.length).filter(bit -> usage[bit]).boxed().toList();
  }

  private static void validate(X509Certificate server, X509Certificate authority, Instant when)
      throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(when));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(server)), parameters);
  }

  /// A handshake of a client that asks for a server of this name, and knows the authority.
  private static void connect(CertificateAuthority.Pair pair, String name) throws Exception {
    SSLContext serving =
        ServerCertificate.context(
            Issued.pem("CERTIFICATE", pair.server().certificate().getEncoded()),
            Issued.pem("PRIVATE KEY", pair.server().key().getEncoded()),
            ClientAuthority.of(Optional.empty()));
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket listening = serving.getServerSocketFactory().createServerSocket(0, 1, here)) {
      Thread server = Thread.ofVirtual().start(() -> serveOne(listening));
      Socket plain = new Socket(here, listening.getLocalPort());
      try (SSLSocket client =
          (SSLSocket)
              trusting(pair.authority())
                  .getSocketFactory()
                  .createSocket(plain, name, listening.getLocalPort(), true)) {
        SSLParameters parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        client.startHandshake();
      } finally {
        server.join();
      }
    }
  }

  private static void serveOne(ServerSocket listening) {
    try (SSLSocket connection = (SSLSocket) listening.accept()) {
      connection.startHandshake();
    } catch (IOException _) {
      // The client says what it did not like.
    }
  }

  private static SSLContext trusting(X509Certificate authority) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("authority", authority);
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
