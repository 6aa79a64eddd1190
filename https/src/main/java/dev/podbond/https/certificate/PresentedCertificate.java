package dev.podbond.https.certificate;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// The certificate that a server presents to its next connection.
public interface PresentedCertificate extends Supplier<SSLContext> {
  /// Whether a client can still accept it; if not, nobody should send requests here.
  boolean isValid();
}
