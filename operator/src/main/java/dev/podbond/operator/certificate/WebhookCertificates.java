package dev.podbond.operator.certificate;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;

/// The webhooks' certificate in a Secret that all replicas share: whoever finds none, or an old
/// one, issues a new one; the Secret's version decides who was first. Each replica presents what
/// the Secret has, and tells the API server whom to trust.
public final class WebhookCertificates implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WebhookCertificates.class.getName());
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String AUTHORITIES = "ca.crt";
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final String namespace;
  private final String secret;
  private final List<String> names;
  private final Duration lifetime;
  private final WebhookRegistration registration;
  private final AtomicReference<Optional<SSLContext>> context =
      new AtomicReference<>(Optional.empty());
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /// Stopped until it is started.
  ///
  /// @param lifetime of a certificate; it is renewed when a third of it is left
  public WebhookCertificates(
      KubernetesClient client,
      String namespace,
      String secret,
      List<String> names,
      Duration lifetime,
      WebhookRegistration registration) {
    this.client = client;
    this.namespace = namespace;
    this.secret = secret;
    this.names = names;
    this.lifetime = lifetime;
    this.registration = registration;
  }

  /// Has a certificate when it returns, and keeps it fresh.
  public void start() {
    take(ensure());
    client
        .secrets()
        .inNamespace(namespace)
        .withName(secret)
        .inform(
            new ResourceEventHandler<Secret>() {
              @Override
              public void onAdd(Secret found) {
                take(found);
              }

              @Override
              public void onUpdate(Secret old, Secret found) {
                take(found);
              }

              @Override
              public void onDelete(Secret gone, boolean unknownFinalState) {
                renewals.execute(() -> take(ensure()));
              }
            },
            0);
    registration.start();
  }

  /// What to present now.
  public SSLContext context() {
    return context.get().orElseThrow(() -> new IllegalStateException("no certificate yet"));
  }

  private Secret ensure() {
    Secret found = client.secrets().inNamespace(namespace).withName(secret).get();
    if (found != null && isFresh(found)) {
      return found;
    }
    try {
      return found == null
          ? client.resource(issue(Optional.empty())).create()
          : client.resource(issue(Optional.of(found))).update();
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      // Another replica was first.
      return client.secrets().inNamespace(namespace).withName(secret).require();
    }
  }

  private boolean isFresh(Secret found) {
    try {
      X509Certificate certificate = ServerCertificate.first(text(found, CERTIFICATE));
      return Instant.now().isBefore(renewalTime(certificate))
          && certificate.getSubjectAlternativeNames().stream()
              .map(name -> name.get(1))
              .toList()
              .containsAll(names);
    } catch (GeneralSecurityException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "Secret " + secret + " has no usable certificate", e);
      return false;
    }
  }

  private Instant renewalTime(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().minus(lifetime.dividedBy(3));
  }

  private Secret issue(Optional<Secret> before) {
    try {
      CertificateAuthority.Pair pair = CertificateAuthority.issue(names, Instant.now(), lifetime);
      String authorities = Issued.pem("CERTIFICATE", pair.authority().getEncoded());
      // Replicas that have not read the new certificate yet still present the old one.
      String previous = before.map(old -> firstAuthority(old)).orElse("");
      SecretBuilder secretBuilder =
          new SecretBuilder()
              .withNewMetadata()
              .withName(secret)
              .withNamespace(namespace)
              .withResourceVersion(
                  before.map(old -> old.getMetadata().getResourceVersion()).orElse(null))
              .endMetadata()
              .withType("kubernetes.io/tls");
      Map<String, String> texts =
          Map.of(
              CERTIFICATE,
              Issued.pem("CERTIFICATE", pair.server().certificate().getEncoded()),
              KEY,
              Issued.pem("PRIVATE KEY", pair.server().key().getEncoded()),
              AUTHORITIES,
              authorities + previous);
      return secretBuilder.withStringData(texts).build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot issue a certificate", e);
    }
  }

  private static String firstAuthority(Secret old) {
    String all = text(old, AUTHORITIES);
    String end = "-----END CERTIFICATE-----\n";
    int at = all.indexOf(end);
    return at < 0 ? "" : all.substring(0, at + end.length());
  }

  private synchronized void take(Secret found) {
    try {
      context.set(
          Optional.of(ServerCertificate.context(text(found, CERTIFICATE), text(found, KEY))));
      registration.trust(text(found, AUTHORITIES));
      Instant renewal = renewalTime(ServerCertificate.first(text(found, CERTIFICATE)));
      var _ =
          renewals.schedule(
              () -> take(ensure()),
              Math.max(1, Duration.between(Instant.now(), renewal).toSeconds() + 1),
              TimeUnit.SECONDS);
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "cannot use the certificate in Secret " + secret, e);
    }
  }

  private static String text(Secret found, String key) {
    String encoded = found.getData() == null ? null : found.getData().get(key);
    return encoded == null
        ? ""
        : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    renewals.shutdownNow();
  }
}
