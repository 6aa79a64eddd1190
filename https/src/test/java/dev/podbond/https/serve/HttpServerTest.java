package dev.podbond.https.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The server without TLS, with limits small enough to be reached at once.
final class HttpServerTest {
  private static final int CONNECTIONS = 8;
  private static final int BODY = 256 << 10;
  private static final int LARGE = 64 << 10;
  private static final Limits LIMITS =
      new Limits(
          CONNECTIONS, Duration.ofSeconds(2), Duration.ofSeconds(60), BODY, 3 * BODY, LARGE, 1024);

  private final List<Socket> others = new ArrayList<>();
  private final Semaphore waiting = new Semaphore(0);
  private final Semaphore mayEnd = new Semaphore(0);
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new HttpServer(
            "test",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            LIMITS,
            Optional.empty(),
            step -> {
              Thread thread = Thread.ofVirtual().unstarted(step);
              threads.add(thread);
              return thread;
            },
            request ->
                switch (request.path()) {
                  case "/waits" -> {
                    waiting.release();
                    mayEnd.acquireUninterruptibly();
                    yield Answer.plain(200, "waited");
                  }
                  case "/who" -> Answer.plain(401, request.authorization().orElse("nobody"));
                  case "/long" -> Answer.plain(200, "x".repeat(100_000));
                  case "/fails" -> throw new IllegalStateException("as it is meant to");
                  default -> Answer.plain(200, request.method() + " " + request.body().length);
                });
    server.start();
  }

  @AfterEach
  void end() throws IOException {
    server.close();
    for (Socket other : others) {
      other.close();
    }
  }

  @Test
  void answersOneRequestAfterTheOtherOnAConnection() throws Exception {
    assertThat(post("/", 0).body()).isEqualTo("POST 0");
    assertThat(post("/", BODY).body()).isEqualTo("POST " + BODY);
    assertThat(server.connections()).isLessThanOrEqualTo(1);
  }

  /// As where the JVM has no memory left: a socket that nobody knows of would be open for ever.
  @Test
  void aConnectionThatCannotBeTakenIsClosed() throws Exception {
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
    isClosedBy(Limits.withoutBodies(CONNECTIONS, endless), Thread.ofVirtual()::unstarted);
    isClosedBy(
        LIMITS,
        _ -> {
          throw new IllegalStateException("as it is meant to");
        });
  }

  private static void isClosedBy(Limits limits, ThreadFactory threads) throws Exception {
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (HttpServer failing =
        new HttpServer(
            "failing",
            anywhere,
            limits,
            Optional.empty(),
            threads,
            _ -> Answer.plain(200, "served"))) {
      failing.start();
      for (int i = 0; i < 2; i++) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), failing.port())) {
          client.setSoTimeout(60_000);
          assertThat(client.getInputStream().read()).as("it is closed").isNegative();
        }
      }
      assertThat(failing.connections()).isZero();
      assertThat(failing.isServing()).isTrue();
    }
  }

  @Test
  void whoeverIsSilentOrHalfDoneGivesWayToTheNext() throws Exception {
    for (int i = 0; i < 20 * CONNECTIONS; i++) {
      others.add(said(i % 2 == 0 ? "" : "G"));
    }

    assertThat(answerTo("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).endsWith("GET 0");
    assertThat(server.connections()).isLessThanOrEqualTo(CONNECTIONS);
  }

  /// Although it has been quiet for longer than each of those that say nothing.
  @Test
  void whoHadAGoodAnswerKeepsHisConnectionWhileStrangersCome() throws Exception {
    try (Socket known = said("GET / HTTP/1.1\r\n\r\n");
        Socket refused = said("GET /who HTTP/1.1\r\n\r\n")) {
      assertThat(until(known, "GET 0")).startsWith("HTTP/1.1 200 ");
      assertThat(until(refused, "nobody")).startsWith("HTTP/1.1 401 ");
      for (int i = 0; i < 3 * CONNECTIONS; i++) {
        others.add(said(""));
      }
      assertThat(refused.getInputStream().read()).isNegative();

      assertThat(tryToWrite(known, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
          .isTrue();
      assertThat(until(known, "GET 0")).startsWith("HTTP/1.1 200 ");
    }
  }

  private static String until(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int octet = socket.getInputStream().read();
      assertThat(octet).as("hung up on after: " + text).isNotNegative();
      text.append((char) octet);
    }
    return text.toString();
  }

  @Test
  void unfinishedBodiesGiveWayToTheNext() throws Exception {
    for (int i = 0; i < 3 * CONNECTIONS; i++) {
      Socket other = said("POST / HTTP/1.1\r\nContent-Length: " + BODY + "\r\n\r\n");
      others.add(other);
      tryToWrite(other, new byte[BODY - 1]);
    }

    assertThat(post("/", BODY).body()).isEqualTo("POST " + BODY);
  }

  @Test
  void whoTricklesARequestIsHungUpOn() throws Exception {
    Socket slow = said("G");
    slow.setSoTimeout(20_000);

    assertThat(slow.getInputStream().read()).isNegative();
  }

  @Test
  void whoDoesNotTakeAnswersIsHungUpOn() throws Exception {
    Socket greedy = said("");
    others.add(greedy);
    byte[] requests = "GET / HTTP/1.1\r\n\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    int written = 0;
    while (tryToWrite(greedy, requests)) {
      written++;
      assertThat(written).as("requests without an answer taken").isLessThan(10_000);
    }
  }

  @Test
  void aBodyThatIsTooLongIsRefusedBeforeItIsRead() throws Exception {
    assertThat(answerTo("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ")
        .contains("99999999999 bytes: at most " + BODY);
  }

  @Test
  void aBodyOfUnknownLengthIsRefused() throws Exception {
    assertThat(answerTo("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"))
        .startsWith("HTTP/1.1 411 ");
  }

  @Test
  void whatIsNoRequestIsRefused() throws Exception {
    assertThat(answerTo("GET / HTTP/2.0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(answerTo("GET /\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(answerTo("GET / HTTP/1.1\r\nno field\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(answerTo("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(answerTo("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(answerTo("GET / HTTP/1.1\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void asksForABodyThatWaitsToBeAskedFor() throws Exception {
    try (Socket socket =
        said("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")) {
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 100");
    }
  }

  /// Of two, none counts: a proxy might have taken the one and this server the other.
  @Test
  void whatAClientSaysHeIsIsToldAsOneText() throws Exception {
    assertThat(
            answerTo(
                "GET /who HTTP/1.1\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\n"
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 401 ")
        .contains("\r\nWWW-Authenticate: Bearer\r\n")
        .endsWith("\r\n\r\nBearer a,Bearer b");
    assertThat(answerTo("GET /who HTTP/1.1\r\nConnection: close\r\n\r\n")).endsWith("nobody");
  }

  @Test
  void aLongAnswerArrivesWhole() throws Exception {
    assertThat(answerTo("GET /long HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .contains("\r\nContent-Length: 100000\r\n")
        .endsWith("\r\n\r\n" + "x".repeat(100_000));
  }

  @Test
  void aDefectIsOneRequests() throws Exception {
    assertThat(post("/fails", 1).statusCode()).isEqualTo(500);
    assertThat(post("/", 1).statusCode()).isEqualTo(200);
  }

  @Test
  void largeBodiesAreWorkedOnOneAtATimeAndSmallOnesBesideThem() throws Exception {
    others.add(large("/waits"));
    assertThat(waiting.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
    others.add(large("/waits"));

    for (int i = 0; i < CONNECTIONS; i++) {
      assertThat(post("/", LARGE).statusCode()).isEqualTo(200);
    }
    assertThat(waiting.tryAcquire()).isFalse();
    mayEnd.release();
    assertThat(waiting.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
    mayEnd.release();
  }

  /// A thread that went on waiting would hold a body that is not counted.
  @Test
  void whoWaitsWithAWholeBodyAndGivesWayIsGone() throws Exception {
    others.add(large("/waits"));
    assertThat(waiting.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
    for (int i = 0; i < 4 * CONNECTIONS; i++) {
      others.add(large("/waits"));
    }

    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (threads.stream().filter(Thread::isAlive).count() > CONNECTIONS
        || threads.size() <= 4 * CONNECTIONS) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
    mayEnd.release(5 * CONNECTIONS);
  }

  private Socket large(String path) throws IOException {
    Socket socket = said("POST " + path + " HTTP/1.1\r\nContent-Length: " + BODY + "\r\n\r\n");
    tryToWrite(socket, new byte[BODY]);
    return socket;
  }

  private record Reply(int statusCode, String body) {}

  private Reply post(String path, int bytes) throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://localhost:" + server.port() + path).toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(bytes);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(new byte[bytes]);
    }
    int status = connection.getResponseCode();
    try (InputStream body =
        status < HttpURLConnection.HTTP_BAD_REQUEST
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      return new Reply(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private Socket said(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    tryToWrite(socket, text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String answerTo(String request) throws IOException {
    try (Socket socket = said(request)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /// It may have been hung up on.
  private static boolean tryToWrite(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
