package dev.podbond.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.https.certificate.ClientAuthority;
import dev.podbond.operator.FakeApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class WebhookCertificatesTest {
  private static final String SECRET = "/api/v1/namespaces/podbond/secrets/podbond-webhook";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// The API server is away when the certificate has to be renewed, and for a while after it.
  @Test
  void aRenewalThatFailsIsTriedAgainUntilItSucceeds() throws Exception {
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client =
            new KubernetesClientBuilder().withConfig(server.config()).build();
        WebhookCertificates certificates = certificates(client, Duration.ofSeconds(3))) {
      certificates.start();
      String first = server.object(SECRET);
      assertThat(certificates.isValid()).isTrue();
      // Its first look is over.
      await(() -> server.asked().stream().anyMatch(asked -> asked.contains("webhookconf")));
      server.setAway(true);
      server.forget();
      await(() ->
          server.asked().stream().filter(asked -> asked.equals("GET " + SECRET)).count() >= 2);
      await(() -> !certificates.isValid());

      server.setAway(false);

      await(certificates::isValid);
      assertThat(server.object(SECRET)).isNotEqualTo(first);
    }
  }

  @Test
  void aSecretThatIsNoCertificateIsReplaced() throws Exception {
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client =
            new KubernetesClientBuilder().withConfig(server.config()).build();
        WebhookCertificates certificates = certificates(client, Duration.ofDays(90))) {
      server.put(
          SECRET,
          "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"podbond-webhook\","
              + "\"namespace\":\"podbond\",\"resourceVersion\":\"7\"},\"data\":{\"tls.crt\":\"eA==\"}}");

      certificates.start();

      assertThat(certificates.isValid()).isTrue();
    }
  }

  /// After a restore of half a backup, for example. No server could start with it.
  @Test
  void aSecretWhoseKeyIsThatOfAnotherCertificateIsReplaced() throws Exception {
    String foreign;
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client =
            new KubernetesClientBuilder().withConfig(server.config()).build();
        WebhookCertificates certificates = certificates(client, Duration.ofDays(90))) {
      certificates.start();
      foreign = key(server.object(SECRET));
    }
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client =
            new KubernetesClientBuilder().withConfig(server.config()).build()) {
      try (WebhookCertificates before = certificates(client, Duration.ofDays(90))) {
        before.start();
      }
      String stored = server.object(SECRET);
      server.put(SECRET, stored.replace(key(stored), foreign));

      try (WebhookCertificates certificates = certificates(client, Duration.ofDays(90))) {
        certificates.start();
        assertThat(certificates.isValid()).isTrue();
      }
      assertThat(key(server.object(SECRET))).isNotEqualTo(foreign);
    }
  }

  private static String key(String secret) {
    Matcher matcher = Pattern.compile("\"tls.key\": ?\"([^\"]+)\"").matcher(secret);
    assertThat(matcher.find()).as(secret).isTrue();
    return matcher.group(1);
  }

  private static WebhookCertificates certificates(KubernetesClient client, Duration lifetime)
      throws IOException, GeneralSecurityException {
    return new WebhookCertificates(
        client,
        "podbond",
        "podbond-webhook",
        List.of("localhost"),
        lifetime,
        new WebhookRegistration(client, "podbond"),
        ClientAuthority.of(Optional.empty()));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(20);
    }
  }
}
