package dev.podbond.agent.apiserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// The files that kubelet mounts for a pod's service account, and renews: a token, and the
/// certificates of the cluster's authorities, which are rotated now and then. So they are read for
/// each connection. Thread-safe.
public final class ServiceAccount {
  /// Java keeps 20,000 sessions for a day. A connection goes on with the last one.
  private static final int MOST_SESSIONS = 4;

  private final Path directory;
  private Optional<Trust> trust = Optional.empty();

  /// What is made of the authorities costs more than the rest of a connection, so it is kept as
  /// long as their file says the same. With it go the sessions of earlier connections: nobody is
  /// trusted for one that began under other authorities.
  @SuppressWarnings("ArrayRecordComponent") // compared by its content
  private record Trust(byte[] authorities, SSLSocketFactory connections) {}

  /// @param directory where kubelet mounts the files
  public ServiceAccount(Path directory) {
    this.directory = directory;
  }

  /// Where the files are.
  public Path directory() {
    return directory;
  }

  /// The token as it is now.
  ///
  /// @throws IOException if it cannot be read
  String token() throws IOException {
    return Files.readString(directory.resolve("token")).strip();
  }

  /// Makes connections to whoever has a certificate of the authorities as they are now.
  ///
  /// @throws IOException if they cannot be read
  synchronized SSLSocketFactory connections() throws IOException {
    Path file = directory.resolve("ca.crt");
    byte[] now = Files.readAllBytes(file);
    if (trust.isEmpty() || !Arrays.equals(trust.get().authorities(), now)) {
      try {
        trust = Optional.of(new Trust(now, trusting(now)));
      } catch (GeneralSecurityException e) {
        throw new IOException(file + " names no authority: " + e.getMessage(), e);
      }
    }
    return trust.get().connections();
  }

  private static SSLSocketFactory trusting(byte[] authorities)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(authorities));
    if (found.isEmpty()) {
      throw new CertificateException("there is no certificate in it");
    }
    for (Certificate authority : found) {
      trusted.setCertificateEntry("authority" + trusted.size(), authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    context.getClientSessionContext().setSessionCacheSize(MOST_SESSIONS);
    return context.getSocketFactory();
  }
}
