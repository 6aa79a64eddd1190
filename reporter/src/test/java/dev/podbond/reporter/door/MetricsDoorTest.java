package dev.podbond.reporter.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.https.certificate.SelfSignedCertificate;
import dev.podbond.https.serve.Answer;
import dev.podbond.https.serve.HttpServer;
import dev.podbond.https.serve.Limits;
import dev.podbond.https.serve.Request;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.metrics.Detail;
import dev.podbond.reporter.TrustingClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The port for metrics over TLS, with an API server that knows three tokens.
final class MetricsDoorTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String METRICS = "/metrics";
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir private Path account;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private volatile int status = 201;
  private volatile boolean agentAnswers = true;
  private HttpServer server;
  private TrustingClient client;
  private MetricsDoor door;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(account.resolve("token"), "own\n");
    server =
        new HttpServer(
            "api-server",
            ANY_PORT,
            new Limits(16, LONG, LONG, 1 << 16, 1 << 20, 1 << 16, 1 << 20),
            Optional.empty(),
            Thread.ofVirtual().factory(),
            this::review);
    server.start();
    client = new TrustingClient();
    open(LONG);
  }

  private void open(Duration request) throws Exception {
    SelfSignedCertificate certificate = new SelfSignedCertificate("test", List.of("localhost"));
    door =
        new MetricsDoor(
            ANY_PORT,
            Optional.of(certificate),
            Limits.withoutBodies(4, request, LONG),
            new Verdicts(
                new AccessReview(new ApiServer("http://127.0.0.1:" + server.port(), account))::of,
                Verdicts.Limits.USUAL,
                System::nanoTime),
            this::metrics,
            logged::add);
    door.start();
  }

  @AfterEach
  void end() {
    door.close();
    server.close();
  }

  private byte[] metrics(Detail detail) throws IOException {
    if (!agentAnswers) {
      throw new IOException("no such file or directory");
    }
    return ("detail " + detail).getBytes(StandardCharsets.UTF_8);
  }

  /// As a real one: who is not known is no failure, and what it says has more than is asked.
  private Answer review(Request request) {
    try {
      JsonObject spec = LenientObject.object(Json.parseObject(request.body()), "spec");
      asked.add(
          request.path().substring(request.path().lastIndexOf('/') + 1)
              + " "
              + LenientObject.text(spec, "token")
                  .or(() -> LenientObject.text(spec, "user"))
                  .orElse("")
              + " by "
              + request.authorization().orElse(""));
      if (status != 201) {
        return Answer.of(status, "application/json", "{\"message\": \"inner words\"}");
      }
      String user = LenientObject.text(spec, "token").orElse("");
      boolean may =
          spec.toString()
              .contains(
                  "\"groups\":[\"readers\"],\"extra\":{\"x\":[\"y\"]},\"nonResourceAttributes\":"
                      + "{\"path\":\"/metrics\",\"verb\":\"get\"}");
      return Answer.of(
          201,
          "application/json",
          request.path().equals(AccessReview.ACCESS)
              ? "{\"status\": {\"allowed\": %s}}".formatted(may)
              : user.equals("reader") || user.equals("other")
                  ? """
                  {"status": {"authenticated": true, "audiences": ["x"], "user":
                   {"username": "%s", "uid": "7", "groups": ["%ss"], "extra": {"x": ["y"]}}}}
                  """
                      .formatted(user, user)
                  : "{\"status\": {\"user\": {}, \"error\": \"inner words\"}}");
    } catch (JsonException e) {
      return Answer.plain(400, e.getMessage());
    }
  }

  /// What it answers to these lines.
  private String answerTo(String... lines) throws IOException {
    return new String(client.answerTo(door.port(), lines), StandardCharsets.UTF_8);
  }

  private String get(String path, String token) throws IOException {
    return answerTo("GET " + path + " HTTP/1.1", "Authorization: Bearer " + token);
  }

  @Test
  void whoIsAllowedReadsMetricsAndIsAskedAboutOnce() throws Exception {
    assertThat(get(METRICS, "reader"))
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
        .endsWith("detail member");
    assertThat(get("/metrics?detail=bond", "reader")).endsWith("detail bond");
    assertThat(get("/metrics?detail=traffic", "reader")).endsWith("detail traffic");
    assertThat(get("/metrics?detail=all", "reader")).startsWith("HTTP/1.1 400 ");
    assertThat(asked)
        .containsExactly(
            "tokenreviews reader by Bearer own", "subjectaccessreviews reader by Bearer own");
  }

  @Test
  void withoutATokenNobodyIsAskedAboutAnything() throws Exception {
    for (String header :
        List.of(
            "X: y",
            "Authorization: Basic cmVhZGVy",
            "Authorization: Bearer",
            "Authorization: Bearer a,b")) {
      assertThat(answerTo("GET /metrics HTTP/1.1", header))
          .startsWith("HTTP/1.1 401 ")
          .contains("\r\nWWW-Authenticate: Bearer\r\n", "Authorization: Bearer TOKEN");
    }
    assertThat(get("/other", "reader")).startsWith("HTTP/1.1 404 ");
    assertThat(answerTo("DELETE /metrics HTTP/1.1", "Authorization: Bearer reader"))
        .startsWith("HTTP/1.1 405 ");
    assertThat(asked).isEmpty();
  }

  @Test
  void whoIsNotKnownGets401AndIsAskedAboutOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(get(METRICS, "stranger"))
          .startsWith("HTTP/1.1 401 ")
          .contains("does not know whose token this is")
          .doesNotContain("detail", "inner words");
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void whoMayNotGets403AndIsAskedAboutOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(get(METRICS, "other"))
          .startsWith("HTTP/1.1 403 ")
          .contains("podbond-metrics-reader")
          .doesNotContain("detail");
    }
    assertThat(asked).hasSize(2);
  }

  @Test
  void nobodyGetsInWhileTheApiServerDoesNotSay() throws Exception {
    status = 500;
    assertThat(get(METRICS, "reader"))
        .startsWith("HTTP/1.1 503 ")
        .contains("does not say now")
        .doesNotContain("inner words");
    assertThat(logged).singleElement().asString().contains("status 500", "inner words");
    status = 403;
    assertThat(get(METRICS, "reader")).startsWith("HTTP/1.1 503 ");
    assertThat(logged.getLast()).contains("agent.secureMetrics.enabled=true");
    status = 401;
    assertThat(get(METRICS, "reader")).startsWith("HTTP/1.1 503 ");
    assertThat(logged.getLast()).contains("own token");
    status = 201;
    assertThat(get(METRICS, "reader")).startsWith("HTTP/1.1 200 ");
    server.close();
    assertThat(get(METRICS, "new")).startsWith("HTTP/1.1 503 ");
  }

  /// As often as there are turns, and once more.
  @Test
  void anAgentThatDoesNotAnswerTakesNoTurnAway() throws Exception {
    agentAnswers = false;
    for (int i = 0; i < 3; i++) {
      assertThat(get(METRICS, "reader"))
          .startsWith("HTTP/1.1 503 ")
          .contains("no such file or directory; look at the container agent");
    }
    agentAnswers = true;
    for (int i = 0; i < 3; i++) {
      assertThat(get(METRICS, "reader")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aHeadThatIsTooLongIsRefused() throws Exception {
    assertThat(get(METRICS, "a".repeat(17_000))).startsWith("HTTP/1.1 431 ");
    assertThat(asked).isEmpty();
  }

  /// Who says nothing gives way to whoever comes, and is hung up on in any case.
  @Test
  void whoIsSilentHarmsOnlyHimself() throws Exception {
    door.close();
    open(Duration.ofMillis(500));
    List<Socket> silent = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 20; i++) {
      silent.add(new Socket(InetAddress.getLoopbackAddress(), door.port()));
    }
    String answer = "";
    while (!answer.startsWith("HTTP/1.1 200 ")) {
      try {
        answer = get(METRICS, "reader");
      } catch (IOException _) {
        // The time for a request is short here, and the machine may do other things as well.
        answer = "";
      }
    }
    for (Socket socket : silent) {
      assertThat(hungUp(socket)).isTrue();
      socket.close();
    }
  }

  private static boolean hungUp(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException _) {
      return true;
    }
  }
}
