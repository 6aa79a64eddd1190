package dev.podbond.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.assess.ClusterNames;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.https.certificate.SelfSignedCertificate;
import dev.podbond.https.serve.HttpServer;
import dev.podbond.json.Json;
import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.Serialization;
import dev.podbond.operator.view.ClusterView;
import dev.podbond.operator.view.FreshObjects;
import dev.podbond.operator.view.Questions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The webhooks' server before the API server's first request.
final class AdmissionServerTest {
  private final AtomicInteger connections = new AtomicInteger();
  private FakeApiServer api;
  private KubernetesClient client;
  private ClusterView view;
  private Admission admission;

  @BeforeEach
  void start() throws Exception {
    api = new FakeApiServer();
    client =
        new KubernetesClientBuilder()
            .withConfig(api.config())
            .withKubernetesSerialization(Serialization.create())
            .build();
    view =
        new ClusterView(
            client,
            new ClusterNames("openshift.io", "podbond"),
            BondRules.DEFAULT,
            Optional.empty());
    view.start();
    api.forget();
    admission = new Admission(view, new FreshObjects(client), Set.of(), true);
  }

  @AfterEach
  void end() {
    view.close();
    client.close();
    api.close();
  }

  private AdmissionServer server(boolean clientsNeedCertificates) throws Exception {
    SelfSignedCertificate certificate = new SelfSignedCertificate("test", List.of("localhost"));
    AdmissionServer server =
        new AdmissionServer(
            0,
            new HttpServer.Tls(
                () -> {
                  connections.incrementAndGet();
                  return certificate.get();
                },
                clientsNeedCertificates),
            admission);
    server.start();
    return server;
  }

  @Test
  void practiceUsesTheServerAndAsksTheApiServerNothing() throws Exception {
    try (AdmissionServer server = server(false)) {
      server.practise();
    }

    assertThat(connections).hasValue(Practice.CONNECTIONS);
    assertThat(api.asked()).isEmpty();
  }

  /// Its own connections have no certificate: they come as far as the handshake.
  @Test
  void practiceEndsWhereOnlyTheApiServerMayConnect() throws Exception {
    try (AdmissionServer server = server(true)) {
      server.practise();
    }

    assertThat(connections.get()).isPositive();
  }

  @Test
  void practiceEndsWithoutAServer() throws Exception {
    AdmissionServer server = server(false);
    server.close();

    server.practise();

    assertThat(connections).hasValue(0);
  }

  /// A review that was refused at its first look would compile little.
  @Test
  void whatIsPractisedIsLookedAtInWhole() throws Exception {
    for (String path :
        List.of(
            "/mutate/pods", "/validate/pods", "/validate/bondnetworks", "/validate/attachments")) {
      AdmissionReview review = AdmissionReview.of(Json.parseObject(Practice.review(path)));
      Questions none = Questions.until(System.nanoTime());
      Verdict verdict =
          switch (path) {
            case "/mutate/pods" -> admission.mutatePod(review, none);
            case "/validate/pods" -> admission.validatePod(review, none);
            case "/validate/bondnetworks" -> admission.validateBond(review);
            default -> admission.validateAttachment(review);
          };

      assertThat(verdict).as(path).isInstanceOf(Verdict.Allowed.class);
      // Who asked for a network would have been asked about: the pod's was found.
      assertThat(none.ranOut()).isEqualTo(path.endsWith("/pods"));
    }
  }
}
