package dev.podbond.https.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// The authorities that vouch for the API server. They are used if it presents a certificate to
/// webhooks; then no other client may use them.
///
/// @param trust for TLS contexts; empty if any client may use the webhooks
public record ClientAuthority(List<TrustManager> trust) {
  public ClientAuthority {
    trust = List.copyOf(trust);
  }

  /// The authorities in a file, PEM.
  public static ClientAuthority of(Optional<Path> file)
      throws GeneralSecurityException, IOException {
    if (file.isEmpty()) {
      return new ClientAuthority(List.of());
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (Certificate authority : ServerCertificate.certificates(Files.readString(file.get()))) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    if (store.size() == 0) {
      throw new GeneralSecurityException(file.get() + " has no certificate");
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return new ClientAuthority(List.of(factory.getTrustManagers()));
  }

  /// Whether clients must present a certificate.
  public boolean isRequired() {
    return !trust.isEmpty();
  }
}
