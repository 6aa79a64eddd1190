package dev.podbond.operator.admission;

import dev.podbond.https.serve.Answer;
import dev.podbond.https.serve.HttpException;
import dev.podbond.https.serve.HttpServer;
import dev.podbond.https.serve.Limits;
import dev.podbond.https.serve.Request;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.operator.view.Questions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// The webhooks' HTTPS server. Each new connection uses the certificate that is current then.
public final class AdmissionServer implements AutoCloseable {
  /// The API server accepts objects of 3 MiB; with the API server's envelope that stays below this
  /// limit.
  static final int MAX_BODY_BYTES = 4 << 20;

  /// The tree of a body takes many times the memory of the body: `{"a":[[],[],...`. An object of
  /// etcd has at most 1.5 MB. A very large pod has about ten thousand values, and an update
  /// contains the pod twice.
  static final JsonLimits REVIEW = new JsonLimits(MAX_BODY_BYTES, 100_000);

  /// Nearly every pod is smaller, even twice.
  private static final int LARGE_BYTES = 64 << 10;

  /// The API server uses one connection for each of its concurrent requests. A connection takes
  /// about 50 KB until its handshake or its request is complete.
  private static final Limits LIMITS =
      new Limits(
          200,
          Duration.ofSeconds(10),
          // Longer than the API server keeps its idle connections.
          Duration.ofSeconds(120),
          MAX_BODY_BYTES,
          2 * MAX_BODY_BYTES,
          LARGE_BYTES,
          256);

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger(AdmissionServer.class.getName());

  private final HttpServer server;
  private final Map<String, BiFunction<AdmissionReview, Questions, Verdict>> webhooks;

  /// Call [#start] to start it.
  ///
  /// @param port 0 for any free port
  /// @param tls the certificate to present, and the accepted clients
  public AdmissionServer(int port, HttpServer.Tls tls, Admission admission) throws IOException {
    webhooks =
        Map.of(
            "/mutate/pods",
            admission::mutatePod,
            "/validate/pods",
            admission::validatePod,
            "/validate/bondnetworks",
            (review, _) -> admission.validateBond(review),
            "/validate/attachments",
            (review, _) -> admission.validateAttachment(review));
    server =
        new HttpServer(
            "webhooks",
            new InetSocketAddress(port),
            LIMITS,
            Optional.of(tls),
            Thread.ofVirtual().name("webhook-", 0).factory(),
            this::answer);
  }

  public void start() {
    server.start();
  }

  /// Answers requests of its own before others wait for its answers, and comes back when it has, or
  /// has tried for long enough. None of them concerns an object that exists, and none leads to a
  /// question to the API server.
  public void practise() {
    long end = System.nanoTime() + Practice.LIMIT.toNanos();
    try {
      for (int round = 0; round < Practice.ROUNDS && System.nanoTime() < end; round++) {
        for (var webhook : webhooks.entrySet()) {
          byte[] review = Practice.review(webhook.getKey());
          String _ = answer(webhook.getValue(), review, Questions.until(System.nanoTime()));
        }
      }
      Practice.connect(server.port());
    } catch (IOException | GeneralSecurityException | JsonException | RuntimeException e) {
      // Who asks in earnest will be told.
      LOG.log(System.Logger.Level.DEBUG, "practice ended early", e);
    }
  }

  /// Whether it accepts connections.
  public boolean isServing() {
    return server.isServing();
  }

  private Answer answer(Request request) throws HttpException {
    long arrived = System.nanoTime();
    BiFunction<AdmissionReview, Questions, Verdict> webhook = webhooks.get(request.path());
    if (webhook == null) {
      throw new HttpException(404, "there is no such webhook");
    }
    if (!request.method().equals("POST")) {
      throw new HttpException(405, "an AdmissionReview comes by POST");
    }
    try {
      Questions questions = Questions.until(arrived + patience(request).toNanos());
      return Answer.of(200, "application/json", answer(webhook, request.body(), questions));
    } catch (JsonException e) {
      throw new HttpException(400, "no AdmissionReview: " + e.getMessage());
    }
  }

  private static String answer(
      BiFunction<AdmissionReview, Questions, Verdict> webhook, byte[] body, Questions questions)
      throws JsonException {
    AdmissionReview review = AdmissionReview.of(Json.parseObject(body, REVIEW));
    return review.answer(webhook.apply(review, questions)).toString();
  }

  /// How long to look unknown objects up: the API server states how long it waits, and needs the
  /// answer before.
  private static Duration patience(Request request) {
    Duration asked =
        request
            .parameter("timeout")
            .filter(text -> text.matches("[0-9]{1,2}s"))
            .map(text -> Duration.ofSeconds(Long.parseLong(text, 0, text.length() - 1, 10)))
            .filter(given -> given.compareTo(LONGEST) <= 0)
            .orElse(Duration.ofSeconds(5));
    return asked.multipliedBy(4).dividedBy(5);
  }

  @Override
  public void close() {
    server.close();
  }
}
