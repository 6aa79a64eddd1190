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
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
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
  /// @throws GeneralSecurityException also if the key is another certificate's: with such a context
  ///   each handshake would fail
  public static SSLContext context(String certificatePem, String keyPem, ClientAuthority clients)
      throws GeneralSecurityException, IOException {
    Certificate[] chain = certificates(certificatePem).toArray(Certificate[]::new);
    if (chain.length == 0) {
      throw new GeneralSecurityException("there is no certificate in tls.crt");
    }
    PrivateKey key = key(keyPem, chain[0]);
    if (!belongTogether(key, chain[0].getPublicKey())) {
      throw new GeneralSecurityException(
          "the key in tls.key is not that of the first certificate in tls.crt");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("server", key, NO_PASSWORD, chain);
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

  private static boolean belongTogether(PrivateKey key, PublicKey told)
      throws GeneralSecurityException {
    String kind =
        switch (told.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
          // The rest has parameters of its own, and is seldom seen.
          default -> "";
        };
    if (kind.isEmpty()) {
      return true;
    }
    byte[] text = "signed and verified".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(kind);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(told);
    signature.update(text);
    try {
      return signature.verify(signed);
    } catch (SignatureException _) {
      // It has not even the length that it should have.
      return false;
    }
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
