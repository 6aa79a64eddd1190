package dev.podbond.operator.certificate;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// What the webhooks' server presents to its next connection.
public interface WebhookCertificate extends Supplier<SSLContext> {
  /// Whether the API server can still take it; if not, nobody should be sent here.
  boolean isValid();
}
