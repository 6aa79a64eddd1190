package dev.podbond.agent.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.Strangers;
import dev.podbond.metrics.Detail;
import dev.podbond.value.ListenAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the network gets from the port for metrics, byte by byte.
final class MetricsHttpTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final int READ_LIMIT_MILLIS = 120_000;

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final List<AutoCloseable> open = new ArrayList<>();
  private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private void start(Duration question, Duration answer) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
    }
    open.add(
        MetricsHttp.start(
            address,
            MetricsHttpTest::text,
            new Strangers.Limits(question, answer),
            new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8))));
  }

  /// As an agent finds it on a node without IPv6. It serves calls all the same, since it takes this
  /// exception for a port that it cannot have.
  @Test
  void anAddressOfAFamilyThatTheNodeLacksIsRefusedLikeATakenPort() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET);
    InetSocketAddress everywhere = new InetSocketAddress(InetAddress.ofLiteral("::"), 9808);
    assertThatThrownBy(() ->
            MetricsHttp.start(
                server,
                everywhere,
                MetricsHttpTest::text,
                Strangers.Limits.USUAL,
                new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is of an address family that this node lacks");
    assertThat(server.isOpen()).isFalse();
  }

  private static byte[] text(Detail detail) {
    String line = "x{level=\"" + detail + "\"} 1\n";
    return line.repeat(detail == Detail.MEMBER ? 400_000 : 1).getBytes(StandardCharsets.US_ASCII);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(READ_LIMIT_MILLIS);
    open.add(socket);
    return socket;
  }

  private String ask(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aScrapeIsAnswered() throws IOException {
    start(LONG, LONG);
    assertThat(ask("GET /metrics?detail=bond HTTP/1.1\r\nHost: n1:9808\r\nAccept: */*\r\n\r\n"))
        .isEqualTo(
            "HTTP/1.1 200 OK\r\n"
                + "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                + "Content-Length: 18\r\n"
                + "Connection: close\r\n\r\n"
                + "x{level=\"bond\"} 1\n");
    assertThat(ask("GET /metrics HTTP/1.0\r\n\r\n"))
        .contains("Content-Length: " + 20 * 400_000 + "\r\n")
        .hasSizeGreaterThan(20 * 400_000);
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1, 404",
    "GET /metrics/ HTTP/1.1, 404",
    "GET /metrics?detail=packets HTTP/1.1, 404",
    "GET http://n1/metrics HTTP/1.1, 404",
    "POST /metrics HTTP/1.1, 405",
    "get /metrics HTTP/1.1, 405",
    "GET /metrics, 400",
    "GET  /metrics HTTP/1.1, 400",
    "GET /metrics HTTP/2, 400",
    "PRI * HTTP/2.0, 400"
  })
  void anythingElseIsRefused(String request, String status) throws IOException {
    start(LONG, LONG);
    assertThat(ask(request + "\r\nHost: n1\r\n\r\n")).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void aLongHeadIsNotRead() throws IOException {
    start(LONG, LONG);
    String head = "GET /metrics HTTP/1.1\r\nX: ";
    assertThat(ask(head + "x".repeat(8 * 1024 - head.length()))).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void whoeverSaysNothingOrTakesNothingIsHungUpOn() throws IOException {
    start(SHORT, SHORT);
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      silent.add(connect());
    }
    for (int i = 0; i < 3; i++) {
      connect()
          .getOutputStream()
          .write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    for (Socket one : silent) {
      assertThat(one.getInputStream().read()).isNegative();
    }
  }

  /// Whatever comes, the next one is answered, and the log stays empty.
  @Test
  void nonsenseEndsOnlyItsOwnConnection() throws IOException {
    start(SHORT, LONG);
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      byte[] nonsense = new byte[random.nextInt(200)];
      random.nextBytes(nonsense);
      try (Socket socket = connect()) {
        socket.getOutputStream().write(nonsense);
        socket.getOutputStream().write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertThat(ask("GET /metrics?detail=bond HTTP/1.1\r\n\r\n"))
        .as("seed %d", seed)
        .contains("200");
    assertThat(logged.toString(StandardCharsets.UTF_8)).as("seed %d", seed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:9808", "0.0.0.0:1", "[::]:65535", "[2001:db8::1]:9808"})
  void anAddressAndAPortAreUnderstood(String text) {
    assertThat(ListenAddress.parse(text)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "9808",
        ":9808",
        "localhost:9808",
        "127.0.0.1",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "::1:9808",
        "[::1]",
        "[1.2.3]:9808",
        "1.2.3.4.5:1",
        "999.1.1.1:1",
        "[::1%lo]:9808"
      })
  void nothingElseIs(String text) {
    assertThat(ListenAddress.parse(text)).isEmpty();
  }
}
