package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the operator as a process with its shipped options, and at the same time everything that
/// any pod of a cluster can do to its ports without a credential.
final class HostileClientsTest {
  private static final Path OPTIONS = Path.of("../packaging/options/operator");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// The chart's limit of the container's memory, less what the start-up cache of the image adds,
  /// which this process does not have: 12 MiB were measured.
  private static final long LIMIT_KIB = (256 - 14) << 10;

  /// BondNetworks that are just below the limit.
  private static final int STORED_AND_READ = 1500;

  private static final int FLOOD = 10_000;
  private static final int IDLE = 5000;
  private static final int SECURE_AND_IDLE = 250;
  private static final int UNFINISHED = 100;
  private static final int BODY_BYTES = 1 << 20;

  @TempDir private Path directory;
  private final List<Socket> sockets = new ArrayList<>();
  private final int webhook = TestCluster.freePort();
  private final int health = TestCluster.freePort();
  private FakeApiServer server;
  private Process operator;
  private HttpClient client;
  private SSLContext trusting;

  @BeforeEach
  void start() throws Exception {
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new Anybody()}, null);
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .sslContext(trusting)
            .build();
    server = new FakeApiServer();
    server.list(
        "/apis/k8s.cni.cncf.io/v1/network-attachment-definitions",
        IntStream.range(0, HostileObjects.STORED)
            .<Supplier<String>>mapToObj(i -> () -> HostileObjects.attachment(i))
            .toList());
    server.list(
        "/api/v1/pods",
        IntStream.range(0, 4 * HostileObjects.STORED)
            .<Supplier<String>>mapToObj(i -> () -> HostileObjects.pod(i))
            .toList());
    server.list(
        "/apis/podbond.dev/v1alpha1/bondnetworks",
        IntStream.range(0, HostileObjects.STORED + STORED_AND_READ)
            .<Supplier<String>>mapToObj(i -> () -> HostileObjects.bond(i))
            .toList());
    server.list(
        "/apis/sriovnetwork.openshift.io/v1/sriovnetworks",
        IntStream.range(0, HostileObjects.STORED)
            .<Supplier<String>>mapToObj(i -> () -> HostileObjects.sriov("SriovNetwork", i))
            .toList());
    server.list(
        "/apis/sriovnetwork.openshift.io/v1/sriovnetworknodepolicies",
        IntStream.range(0, HostileObjects.STORED)
            .<Supplier<String>>mapToObj(
                i -> () -> HostileObjects.sriov("SriovNetworkNodePolicy", i))
            .toList());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        Files.readAllLines(OPTIONS).stream()
            .filter(line -> !line.startsWith("#") && !line.isBlank())
            .takeWhile(line -> !line.equals("-jar"))
            .toList());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "dev.podbond.operator.Main"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KUBERNETES_MASTER", server.config().getMasterUrl());
    builder.environment().put("KUBERNETES_AUTH_TRYKUBECONFIG", "false");
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    builder.environment().put("PODBOND_WEBHOOK_PORT", Integer.toString(webhook));
    builder.environment().put("PODBOND_HEALTH_PORT", Integer.toString(health));
    builder.environment().put("PODBOND_WEBHOOK_NAMES", "localhost");
    builder.environment().put("PODBOND_RENDER_NETWORKS", "true");
    builder.environment().put("PODBOND_PUBLISH_POLICIES", "true");
    operator =
        builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
    Instant end = Instant.now().plus(PATIENCE);
    while (!log().contains("operator is ready")
        || statusOf("/healthz") != 200
        || server.asked().stream().noneMatch(asked -> asked.endsWith("/podbond-node-policies"))) {
      assertThat(operator.isAlive()).as(log()).isTrue();
      assertThat(Instant.now()).as(log()).isBefore(end);
      Thread.sleep(100);
    }
  }

  @AfterEach
  void end() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    operator.destroyForcibly().waitFor();
    client.close();
    server.close();
  }

  @Test
  void leaveItHealthyWithinItsMemory() throws Exception {
    floodHealth();
    for (int i = 0; i < IDLE; i++) {
      sockets.add(plain(webhook, i % 2 == 0 ? "" : "\u0016"));
    }
    for (int i = 0; i < SECURE_AND_IDLE; i++) {
      sockets.add(secure());
    }
    String head = "POST /mutate/pods HTTP/1.1\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n";
    byte[] most = new byte[BODY_BYTES - 1];
    for (int i = 0; i < UNFINISHED; i++) {
      Socket socket = secure();
      sockets.add(socket);
      tryToWrite(socket, head.getBytes(StandardCharsets.US_ASCII));
      tryToWrite(socket, most);
    }
    server.forget();

    HttpResponse<String> answer = review(names(20_000));
    HttpResponse<String> another = review(names(100));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(another.statusCode()).isEqualTo(200);
    assertThat(
            server.asked().stream()
                .filter(request -> request.contains("/demo/bondnetworks/"))
                .toList())
        .hasSize(20);
    assertThat(statusOf("/healthz")).as(log()).isEqualTo(200);
    // Without web sockets on the other side the client does not count its watches; here it matters
    // only that there is an answer.
    assertThat(statusOf("/readyz")).as(log()).isNotNegative();
    assertThat(operator.isAlive()).as(log()).isTrue();
    assertThat(peakKib()).as("resident at the highest").isLessThan(LIMIT_KIB);
  }

  /// Sends one byte on each of very many connections, opens more now and then, and probes like
  /// kubelet in between.
  private void floodHealth() throws Exception {
    CompletableFuture<Void> flood =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < FLOOD && operator.isAlive(); i++) {
            try {
              sockets.add(plain(health, "G"));
            } catch (IOException _) {
              // Refused, as it deserves.
            }
            if (i % 100 == 99) {
              sockets
                  .subList(Math.max(0, sockets.size() - 90), sockets.size())
                  .forEach(other -> tryToWrite(other, new byte[] {'E'}));
            }
          }
        });
    int asked = 0;
    int answered = 0;
    int missed = 0;
    while (!flood.isDone() || asked < 3) {
      asked++;
      boolean isAnswered = probe();
      answered += isAnswered ? 1 : 0;
      missed = isAnswered ? 0 : missed + 1;
      assertThat(missed).as("probes in a row without an answer").isLessThan(3);
    }
    System.out.printf("podbond operator: %d of %d probes answered in the flood%n", answered, asked);
    flood.join();
    assertThat(statusOf("/healthz")).as(log()).isEqualTo(200);
  }

  /// Probes like kubelet, with a new connection.
  private boolean probe() {
    try (Socket socket =
        plain(health, "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) {
      socket.setSoTimeout(30_000);
      byte[] start = socket.getInputStream().readNBytes(12);
      return new String(start, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException _) {
      return false;
    }
  }

  /// The trees of these bodies take many times their size, and all would be in memory at once.
  @Test
  void reviewsThatGrowWhenTheyAreReadAreRefusedOneByOne() throws Exception {
    String head = "{\"request\": {\"uid\": \"1\", \"namespace\": \"demo\", \"object\": ";
    List<String> bodies =
        List.of(
            head + "{\"a\": [" + "[],".repeat(1_300_000) + "0]}}}",
            head + "{\"a\": [" + "[-9],".repeat(90_000 / 2) + "0]}}}",
            head + "{" + HostileObjects.members(300_000) + "}}}",
            head + "{\"a\": \"\u20ac" + "x".repeat(4_000_000) + "\"}}}",
            head + "{\"spec\": {\"config\": \"[" + "0,".repeat(2_000_000) + "0]\"}}}}",
            head
                + "{\"metadata\": {\"annotations\": {\"k8s.v1.cni.cncf.io/networks\": \""
                + "n,".repeat(130_000)
                + "n\"}}}}}");
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    List<String> paths = List.of("/mutate/pods", "/validate/attachments", "/validate/pods");
    for (int i = 0; i < 3 * bodies.size(); i++) {
      HttpRequest request = post(paths.get(i % 3), bodies.get(i / 3));
      answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .exceptionally(_ -> null)
        .join();

    String many = head + "{\"a\": [" + "0,".repeat(200_000) + "0]}}}";
    HttpResponse<String> first =
        client.send(post("/mutate/pods", many), HttpResponse.BodyHandlers.ofString());
    assertThat(first.statusCode()).isEqualTo(400);
    assertThat(first.body()).contains("at most 100000 are allowed");
    assertThat(review(names(100)).statusCode()).isEqualTo(200);
    assertThat(operator.isAlive()).as(log()).isTrue();
    assertThat(peakKib()).as("resident at the highest").isLessThan(LIMIT_KIB);
  }

  private int statusOf(String path) throws InterruptedException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + health + path))
                  .timeout(Duration.ofSeconds(30))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } catch (IOException _) {
      return -1;
    }
  }

  private HttpResponse<String> review(String networks) throws Exception {
    String text =
        """
        {"request": {"uid": "1", "operation": "CREATE", "namespace": "demo",
         "object": {"metadata": {"annotations": {"k8s.v1.cni.cncf.io/networks": "%s"}}}}}
        """
            .formatted(networks);
    return client.send(post("/mutate/pods", text), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest post(String path, String text) {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + webhook + path + "?timeout=30s"))
        .timeout(PATIENCE)
        .POST(HttpRequest.BodyPublishers.ofString(text))
        .build();
  }

  private static String names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "n" + i).collect(Collectors.joining(","));
  }

  private static Socket plain(int port, String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    tryToWrite(socket, text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /// Completes the handshake, unless the server hangs up.
  private Socket secure() throws IOException {
    Socket socket =
        trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), webhook);
    socket.setSoTimeout(30_000);
    tryToWrite(socket, new byte[0]);
    return socket;
  }

  private static void tryToWrite(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    } catch (IOException _) {
      // Hung up on, as it deserves.
    }
  }

  /// The process's peak memory, which it also prints.
  private long peakKib() throws IOException {
    long peak = value("VmHWM:");
    System.out.printf(
        "podbond operator: %d KiB resident at the highest, limit %d%n", peak, LIMIT_KIB);
    return peak;
  }

  private long value(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + operator.pid() + "/status")).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  /// This test does not know the operator's authority.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new AssertionError("this is no server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      // Whoever it is.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new AssertionError("this is no server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      // Whoever it is.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new AssertionError("this is no server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // Whoever it is.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
