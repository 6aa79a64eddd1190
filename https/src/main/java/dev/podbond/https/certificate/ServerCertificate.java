package dev.podbond.https.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// TLS contexts from PEM text.
public final class ServerCertificate {
  private static final int MAX_SESSIONS = 256;
  private static final char[] NO_PASSWORD = {};

  private ServerCertificate() {}

  /// A context that presents this certificate.
  ///
  /// @param clients the clients that may connect
  public static SSLContext context(String certificatePem, String keyPem, ClientAuthority clients)
      throws GeneralSecurityException, IOException {
    Certificate[] chain = certificates(certificatePem).toArray(Certificate[]::new);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("server", key(keyPem, chain[0]), NO_PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keys.getKeyManagers(), clients.trust().toArray(TrustManager[]::new), new SecureRandom());
    // By default Java keeps 20,000 sessions for a day, from any client.
    context.getServerSessionContext().setSessionCacheSize(MAX_SESSIONS);
    return context;
  }

  /// From a directory in which kubelet mounts a Secret of type kubernetes.io/tls.
  static SSLContext context(Path directory, ClientAuthority clients)
      throws GeneralSecurityException, IOException {
    return context(
        Files.readString(directory.resolve("tls.crt")),
        Files.readString(directory.resolve("tls.key")),
        clients);
  }

  static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  /// The time at which the certificate in such a directory expires.
  static Instant end(Path directory) throws GeneralSecurityException, IOException {
    return first(Files.readString(directory.resolve("tls.crt"))).getNotAfter().toInstant();
  }

  /// The first certificate of a text.
  public static X509Certificate first(String pem) throws GeneralSecurityException {
    return (X509Certificate) certificates(pem).iterator().next();
  }

  private static PrivateKey key(String pem, Certificate certificate)
      throws GeneralSecurityException {
    if (!pem.contains("-----BEGIN PRIVATE KEY-----")) {
      throw new GeneralSecurityException(
          "tls.key is not in PKCS #8; with cert-manager set privateKey.encoding: PKCS8");
    }
    byte[] encoded =
        Base64.getMimeDecoder().decode(pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", ""));
    return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }
}
