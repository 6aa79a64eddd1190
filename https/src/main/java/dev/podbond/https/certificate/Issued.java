package dev.podbond.https.certificate;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// A certificate and its key.
public record Issued(X509Certificate certificate, PrivateKey key) {
  /// A text of the form that files and Secrets have (RFC 7468).
  ///
  /// @param type as "CERTIFICATE"
  public static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
