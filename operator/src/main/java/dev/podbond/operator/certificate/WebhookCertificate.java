package dev.podbond.operator.certificate;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// The certificate that the webhooks' server presents to its next connection.
public interface WebhookCertificate extends Supplier<SSLContext> {
  /// Whether the API server can still accept it; if not, nobody should send requests here.
  boolean isValid();
}
