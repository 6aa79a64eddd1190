package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.LenientObject;
import dev.podbond.reporter.door.MetricsDoor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Metrics beside a node's state: neither keeps the other from its work.
final class SecureMetricsTest {
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir Path directory;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private FakeAgent agent;
  private FakeApiServer server;

  @BeforeEach
  void start() throws IOException {
    agent = new FakeAgent(directory.resolve("agent.sock"));
    server = new FakeApiServer(Files.createDirectory(directory.resolve("account")));
  }

  @AfterEach
  void end() throws IOException {
    agent.close();
    server.close();
  }

  private ReporterSettings settings(String metrics) {
    return new ReporterSettings(
        Optional.of("n1"),
        agent.socket(),
        directory.resolve("ready.sock"),
        server.asServer(),
        Optional.of(metrics),
        Optional.empty());
  }

  private SecureMetrics metrics(String where) {
    return new SecureMetrics(
        settings(where),
        where,
        OFTEN,
        new ReporterLog(new PrintStream(log, true, StandardCharsets.UTF_8)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /// As if its thread had ended.
  @Test
  void aDoorThatIsShutIsOpenedAgain() throws Exception {
    int port = freePort();
    SecureMetrics metrics = metrics("127.0.0.1:" + port);
    Thread keeping = Thread.ofPlatform().daemon().start(metrics);
    await(metrics::isServing);
    MetricsDoor first = metrics.door().orElseThrow();
    first.close();

    await(() -> metrics.isServing() && metrics.door().filter(now -> now != first).isPresent());
    try (Socket taken = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(taken.isConnected()).isTrue();
    }

    keeping.interrupt();
    keeping.join();
    await(() -> !metrics.isServing());
  }

  @Test
  void anAddressThatIsNoneIsALineOfTheLog() throws Exception {
    Thread keeping = Thread.ofPlatform().daemon().start(metrics("node:9810"));
    await(() -> log.toString(StandardCharsets.UTF_8).contains("'node:9810'"));

    assertThat(keeping.isAlive()).isTrue();
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("no metrics are served", "must be an address and a port");
    keeping.interrupt();
    keeping.join();
  }

  /// All threads as they are in the container, so it looks at the port every ten seconds.
  @Test
  void theNodesStateIsToldWhileThePortIsTakenAndMetricsOnceItIsFree() throws Exception {
    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    int port = other.getLocalPort();
    agent.answer(bond("Healthy"));
    Thread reporter = Thread.ofPlatform().daemon().start(() -> run("127.0.0.1:" + port));
    await(() -> health().equals("Healthy"));
    assertThat(reporter.isAlive()).isTrue();

    other.close();
    await(() -> accepts(port));

    agent.change(bond("Down"));
    await(() -> health().equals("Down"));
    reporter.interrupt();
    reporter.join();
  }

  private void run(String where) {
    try {
      Main.run(
          settings(where), new ReporterLog(new PrintStream(log, true, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException _) {
      // The test is over.
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static String bond(String health) {
    return "{\"bonds\": [{\"bond\": \"bond0\", \"pod\": \"demo/web\", \"health\": \"%s\"}]}"
        .formatted(health);
  }

  private String health() {
    return LenientObject.objects(server.status(), "bonds").stream()
        .map(bond -> LenientObject.text(bond, "health").orElse(""))
        .findFirst()
        .orElse("none");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("two minutes are over").isLessThan(end);
      Thread.sleep(20);
    }
  }
}
