package dev.podbond.reporter.door;

import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.https.serve.Answer;
import dev.podbond.https.serve.HttpException;
import dev.podbond.https.serve.HttpServer;
import dev.podbond.https.serve.Limits;
import dev.podbond.https.serve.Request;
import dev.podbond.metrics.Detail;
import dev.podbond.metrics.Exposition;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// `GET /metrics` over TLS, for whoever presents a bearer token of somebody who may.
public final class MetricsDoor implements AutoCloseable {
  /// A connection takes some 50 KB until its request is complete. Ten seconds are for the handshake
  /// and the request; an open connection is kept for longer than usual scrapes are apart, since a
  /// handshake costs more than an answer.
  private static final int CONNECTIONS = 64;

  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(90);

  /// An answer takes its length in memory several times, so there are two at a time until they are
  /// sent.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// RFC 6750, section 2.1.
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]+=*)");

  private final Verdicts verdicts;
  private final Source source;
  private final Semaphore reading = new Semaphore(2, true);
  private final Consumer<String> log;
  private final HttpServer server;

  /// Where the metrics come from.
  public interface Source {
    /// The text of a level, in Prometheus' format.
    ///
    /// @throws IOException if the agent does not say
    byte[] metrics(Detail detail) throws IOException;
  }

  /// Listens at once, and answers once it is started.
  ///
  /// @param where an address of this machine
  /// @param certificate to present to the next connection
  /// @param server knows who may read metrics
  /// @param source of the answers
  /// @param log takes a sentence for the administrator
  /// @throws IOException if nobody can listen there
  public static MetricsDoor open(
      InetSocketAddress where,
      Supplier<SSLContext> certificate,
      ApiServer server,
      Source source,
      Consumer<String> log)
      throws IOException {
    return new MetricsDoor(
        where,
        Optional.of(certificate),
        Limits.withoutBodies(CONNECTIONS, REQUEST, IDLE),
        new Verdicts(new AccessReview(server)::of, Verdicts.Limits.USUAL, System::nanoTime),
        source,
        log);
  }

  MetricsDoor(
      InetSocketAddress where,
      Optional<Supplier<SSLContext>> certificate,
      Limits limits,
      Verdicts verdicts,
      Source source,
      Consumer<String> log)
      throws IOException {
    this.verdicts = verdicts;
    this.source = source;
    this.log = log;
    this.server =
        new HttpServer(
            "metrics",
            where,
            limits,
            certificate.map(context -> new HttpServer.Tls(context, false)),
            Thread.ofVirtual().name("metrics-", 0).factory(),
            this::answer);
  }

  /// Starts answering.
  public void start() {
    server.start();
  }

  /// The port on which it listens.
  public int port() {
    return server.port();
  }

  /// Whether it accepts connections.
  public boolean isServing() {
    return server.isServing();
  }

  private Answer answer(Request request) throws HttpException {
    if (!request.path().equals("/metrics")) {
      throw new HttpException(404, "there is GET /metrics, and nothing else");
    }
    if (!request.method().equals("GET")) {
      throw new HttpException(405, "metrics are read with GET");
    }
    admit(request);
    Detail detail = detail(request);
    try {
      if (!reading.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new HttpException(503, "too many are reading metrics at once");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new HttpException(503, "the reporter ends");
    }
    boolean told = false;
    try {
      Answer answer =
          Answer.of(200, Exposition.CONTENT_TYPE, source.metrics(detail))
              .whenSent(reading::release);
      told = true;
      return answer;
    } catch (IOException e) {
      throw new HttpException(
          503,
          "the node's agent does not answer: "
              + IoReason.of(e)
              + "; look at the container agent of this pod");
    } finally {
      if (!told) {
        reading.release();
      }
    }
  }

  private void admit(Request request) throws HttpException {
    Matcher bearer = BEARER.matcher(request.authorization().orElse(""));
    if (!bearer.matches()) {
      throw new HttpException(
          401, "who reads metrics presents a token: Authorization: Bearer TOKEN");
    }
    try {
      switch (verdicts.of(bearer.group(1))) {
        case ALLOWED -> {}
        case UNKNOWN ->
            throw new HttpException(401, "the API server does not know whose token this is");
        case FORBIDDEN ->
            throw new HttpException(
                403,
                "whose token this is may not read metrics: bind him the ClusterRole"
                    + " podbond-metrics-reader");
      }
    } catch (UndecidedException e) {
      if (!e.reason().isEmpty()) {
        log.accept(e.reason());
      }
      throw new HttpException(503, e.answer());
    }
  }

  private static Detail detail(Request request) throws HttpException {
    String wanted = request.parameter("detail").orElse(Detail.MEMBER.toString());
    for (Detail detail : Detail.values()) {
      if (detail.toString().equals(wanted)) {
        return detail;
      }
    }
    throw new HttpException(400, "detail is bond, member or traffic");
  }

  @Override
  public void close() {
    server.close();
  }
}
