package dev.podbond.operator.certificate;

import dev.podbond.https.certificate.CertificateAuthority;
import dev.podbond.https.certificate.ClientAuthority;
import dev.podbond.https.certificate.Issued;
import dev.podbond.https.certificate.PresentedCertificate;
import dev.podbond.https.certificate.ServerCertificate;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.Events;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;

/// The webhooks' certificate in a Secret that all replicas share. A replica that finds no
/// certificate, or an old one, issues a new one; the Secret's version decides which replica was
/// first. Each replica presents the certificate from the Secret, and tells the API server which
/// authority to trust.
///
/// A failed step is retried with growing delays for as long as the process lives: a renewal has
/// thirty days. Each failure is logged, the first one also becomes an event of the Secret, and once
/// the certificate has expired the replica is not ready.
public final class WebhookCertificates implements PresentedCertificate, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WebhookCertificates.class.getName());
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String AUTHORITIES = "ca.crt";
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final String namespace;
  private final String secret;
  private final List<String> names;
  private final Duration lifetime;
  private final WebhookRegistration registration;
  private final ClientAuthority clients;
  private final AtomicReference<Optional<Presented>> presented =
      new AtomicReference<>(Optional.empty());
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificate").factory());
  private Optional<ScheduledFuture<?>> next = Optional.empty();
  private int failures;

  private record Presented(SSLContext context, Instant end) {}

  /// Call [#start] to start it.
  ///
  /// @param lifetime of a certificate; it is renewed when a third of it is left
  /// @param clients the clients that may connect
  public WebhookCertificates(
      KubernetesClient client,
      String namespace,
      String secret,
      List<String> names,
      Duration lifetime,
      WebhookRegistration registration,
      ClientAuthority clients) {
    this.client = client;
    this.namespace = namespace;
    this.secret = secret;
    this.names = names;
    this.lifetime = lifetime;
    this.registration = registration;
    this.clients = clients;
  }

  /// Returns once it has a certificate, and then keeps it fresh.
  ///
  /// @throws GeneralSecurityException if the Secret has no usable certificate
  public void start() throws GeneralSecurityException, IOException {
    present(ensure());
    client
        .secrets()
        .inNamespace(namespace)
        .withName(secret)
        .inform(
            new ResourceEventHandler<Secret>() {
              @Override
              public void onAdd(Secret found) {
                lookNow();
              }

              @Override
              public void onUpdate(Secret old, Secret found) {
                lookNow();
              }

              @Override
              public void onDelete(Secret gone, boolean unknownFinalState) {
                lookNow();
              }
            },
            0);
    registration.start(this::lookNow);
    lookNow();
  }

  /// The certificate to present now.
  @Override
  public SSLContext get() {
    return presented
        .get()
        .map(Presented::context)
        .orElseThrow(() -> new IllegalStateException("no certificate yet"));
  }

  @Override
  public boolean isValid() {
    return presented.get().filter(now -> Instant.now().isBefore(now.end())).isPresent();
  }

  private void lookNow() {
    lookIn(Duration.ZERO);
  }

  /// Schedules the next look. There is only one, whoever requests it.
  private synchronized void lookIn(Duration delay) {
    next.ifPresent(look -> look.cancel(false));
    next = Optional.of(renewals.schedule(this::look, delay.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void look() {
    try {
      Secret found = ensure();
      present(found);
      registration.trust(text(found, AUTHORITIES));
      if (failures > 0) {
        failures = 0;
        LOG.log(
            System.Logger.Level.INFO,
            "the certificate in Secret " + secret + " is as it should be");
      }
      lookIn(untilRenewal(found));
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      failures++;
      Duration pause = pause();
      LOG.log(
          System.Logger.Level.ERROR,
          "cannot renew the webhooks' certificate in Secret "
              + secret
              + ", or cannot tell the API server of it; the present certificate ends at "
              + presented.get().map(Presented::end).map(Instant::toString).orElse("(none yet)")
              + "; next try in "
              + pause.toSeconds()
              + " s",
          e);
      if (failures == 1) {
        var _ = Alone.attempt(() -> "an event of Secret " + secret, () -> tell(e));
      }
      lookIn(pause);
    }
  }

  private void tell(Exception problem) {
    client
        .resource(
            Events.warning(
                "Secret", "v1", namespace, secret, "CertificateNotRenewed", problem.toString()))
        .create();
  }

  /// Random, so that the replicas do not all come at once.
  private Duration pause() {
    long millis =
        Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures - 1, 16));
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
  }

  private Duration untilRenewal(Secret found) throws GeneralSecurityException {
    Instant due = renewalTime(ServerCertificate.first(text(found, CERTIFICATE)));
    Duration until = Duration.between(Instant.now(), due).plusSeconds(1);
    Duration apart =
        Duration.ofMillis(ThreadLocalRandom.current().nextLong(1 + lifetime.toMillis() / 30));
    return until.isNegative() ? FIRST_PAUSE : until.plus(apart);
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
      // With a key that is not the certificate's no server starts.
      ServerCertificate.context(
          text(found, CERTIFICATE), text(found, KEY), new ClientAuthority(List.of()));
      X509Certificate certificate = ServerCertificate.first(text(found, CERTIFICATE));
      return Instant.now().isBefore(renewalTime(certificate))
          && certificate.getSubjectAlternativeNames().stream()
              .map(name -> name.get(1))
              .toList()
              .containsAll(names);
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "Secret " + secret + " has no usable certificate", e);
      return false;
    }
  }

  private Instant renewalTime(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().minus(lifetime.dividedBy(3));
  }

  private Secret issue(Optional<Secret> before) {
    try {
      CertificateAuthority.Pair pair =
          CertificateAuthority.issue("podbond webhook", names, Instant.now(), lifetime);
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
      Map<String, String> encoded = new HashMap<>();
      texts.forEach((key, text) ->
          encoded.put(
              key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
      return secretBuilder.withData(encoded).build();
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

  private void present(Secret found) throws GeneralSecurityException, IOException {
    String certificate = text(found, CERTIFICATE);
    presented.set(
        Optional.of(
            new Presented(
                ServerCertificate.context(certificate, text(found, KEY), clients),
                ServerCertificate.first(certificate).getNotAfter().toInstant())));
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
