package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The state of a node's bonds before a real API server: who may write it, who reads metrics, and
/// the reporter of the agent's image, contained as in a pod, with the token of a pod on its node.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ReporterClusterTest {
  private static final String HEALTHY = "Healthy";
  private static final String DEGRADED = "Degraded";
  private static final String[] REPLACE = {"replace", "--subresource=status"};

  @TempDir static Path directory;
  private static TestCluster cluster;
  private static String tokenOfA;
  private static volatile String health = HEALTHY;
  private static ServerSocketChannel agent;

  @BeforeAll
  static void install() throws IOException {
    cluster = new TestCluster(directory);
    cluster.install("agent.nodeState.enabled=true", "agent.secureMetrics.enabled=true");
    for (String node : List.of("node-a", "node-b")) {
      cluster.apply("{apiVersion: v1, kind: Node, metadata: {name: " + node + "}}");
      cluster.apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: agent-on-%s, namespace: podbond}
          spec:
            nodeName: %s
            serviceAccountName: podbond-agent
            containers: [{name: agent, image: none}]
          """
              .formatted(node, node));
    }
    tokenOfA = token("--bound-object-kind=Pod", "--bound-object-name=agent-on-node-a");
  }

  @AfterAll
  static void end() throws IOException {
    if (agent != null) {
      agent.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String token(String... bound) {
    List<String> arguments =
        new ArrayList<>(List.of("create", "token", "podbond-agent", "-n", "podbond"));
    arguments.addAll(List.of(bound));
    return cluster.kubectl(arguments.toArray(String[]::new)).text().strip();
  }

  private static String object(String node, String metadata, String status) {
    return "{\"apiVersion\": \"podbond.dev/v1alpha1\", \"kind\": \"BondNodeState\", \"metadata\":"
        + " {\"name\": \"%s\"%s}%s}".formatted(node, metadata, status);
  }

  private static String ownedBy(String node) {
    String uid =
        cluster.kubectl("get", "node", node, "-o", "jsonpath={.metadata.uid}").text().strip();
    return ", \"ownerReferences\": [{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"name\": \"%s\", \"uid\": \"%s\"}]"
        .formatted(node, uid);
  }

  /// A status is written into the object that was read.
  private static String version(String node) {
    String version =
        cluster
            .kubectl("get", "bondnodestate", node, "-o", "jsonpath={.metadata.resourceVersion}")
            .text();
    return ", \"resourceVersion\": \"" + version + "\"";
  }

  private static TestCluster.Output with(String token, String object, String... arguments)
      throws IOException {
    Path file = Files.writeString(directory.resolve("object.json"), object);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--token=" + token, "-f", file.toString()));
    return cluster.kubectl(all.toArray(String[]::new));
  }

  private static void assertRefused(TestCluster.Output output, String why) {
    assertThat(output.status()).as(output.text()).isNotZero();
    assertThat(output.text()).contains("podbond-agent-own-node", why);
  }

  @Test
  @Order(1)
  void aReporterMakesTheObjectOfItsOwnNodeAlone() throws IOException {
    assertRefused(
        with(tokenOfA, object("node-b", ownedBy("node-b"), ""), "create"), "and no other");
    assertRefused(with(token(), object("node-a", ownedBy("node-a"), ""), "create"), "and no other");
    for (String metadata :
        List.of(
            "",
            ownedBy("node-b"),
            ownedBy("node-a") + ", \"labels\": {\"a\": \"b\"}",
            ownedBy("node-a") + ", \"annotations\": {\"a\": \"b\"}",
            ownedBy("node-a") + ", \"finalizers\": [\"a.example/b\"]")) {
      assertRefused(
          with(tokenOfA, object("node-a", metadata, ""), "create"), "nothing else in its metadata");
    }
    TestCluster.Output made = with(tokenOfA, object("node-a", ownedBy("node-a"), ""), "create");
    assertThat(made.status()).as(made.text()).isZero();
  }

  @Test
  @Order(2)
  void aReporterWritesTheStatusOfItsOwnNodeAlone() throws IOException {
    String status = ", \"status\": {\"omitted\": 7}";
    cluster.apply(object("node-b", "", ""));
    assertRefused(
        with(tokenOfA, object("node-b", version("node-b"), status), REPLACE), "and no other");
    assertRefused(
        with(token(), object("node-a", version("node-a"), status), REPLACE), "and no other");
    TestCluster.Output written =
        with(tokenOfA, object("node-a", version("node-a"), status), REPLACE);
    assertThat(written.status()).as(written.text()).isZero();
    assertThat(jsonPath("{.status.omitted}")).isEqualTo("7");
  }

  /// By its rights it does nothing else.
  @Test
  @Order(3)
  void aReporterDeletesAndListsNothing() {
    for (String[] command :
        new String[][] {
          {"delete", "bondnodestate", "node-a"},
          {"get", "bondnodestates"},
          {"get", "nodes"},
          {"get", "pods", "-n", "podbond"},
          {"get", "secrets", "-n", "podbond"},
          {"label", "bondnodestate", "node-a", "a=b"}
        }) {
      List<String> arguments = new ArrayList<>(List.of(command));
      arguments.add("--token=" + tokenOfA);
      TestCluster.Output output = cluster.kubectl(arguments.toArray(String[]::new));
      assertThat(output.status()).as(output.text()).isNotZero();
      assertThat(output.text()).contains("Forbidden");
    }
  }

  private static String jsonPath(String path) {
    return cluster.kubectl("get", "bondnodestate", "node-a", "-o", "jsonpath=" + path).text();
  }

  /// As the chart runs it: nobody's user, with nothing but the directory of the agent's socket, one
  /// for its own, and the account's files.
  private static Process reporter(String... environment) throws IOException {
    ContainerImage image =
        ContainerImage.unpack(
            Path.of(System.getProperty("podbond.agent-image")), directory.resolve("agent"));
    Path account = Files.createDirectories(directory.resolve("account"));
    Files.writeString(account.resolve("token"), tokenOfA);
    Files.copy(
        directory.resolve("certificates/apiserver.crt"),
        account.resolve("ca.crt"),
        StandardCopyOption.REPLACE_EXISTING);
    Path own = Files.createDirectories(directory.resolve("own"));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> command = new ArrayList<>(List.of("env"));
    cluster.service().forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(List.of(environment));
    command.addAll(
        List.of(
            "PODBOND_QUERY_SOCKET=/run/podbond-query/agent.sock",
            "PODBOND_SOCKET=/run/podbond-reporter/ready.sock",
            "../testing/contain",
            image.rootfs().toString(),
            "65534:65534",
            "",
            questions() + ":/run/podbond-query:ro",
            own + ":/run/podbond-reporter",
            account + ":/var/run/secrets/kubernetes.io/serviceaccount:ro",
            "--",
            "/opt/podbond/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:ActiveProcessorCount=2",
            "-Xmx16m",
            "-m",
            "dev.podbond.reporter/dev.podbond.reporter.Main"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("reporter.log").toFile())
        .start();
  }

  private static Path questions() throws IOException {
    Path socket = Files.createDirectories(directory.resolve("questions")).resolve("agent.sock");
    if (agent == null) {
      agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      agent.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
      Thread.ofPlatform().daemon().start(ReporterClusterTest::answer);
    }
    return socket.getParent();
  }

  /// An agent that knows one bond, and tells no news.
  private static void answer() {
    while (agent.isOpen()) {
      try (SocketChannel asker = agent.accept()) {
        DataInputStream in = new DataInputStream(Channels.newInputStream(asker));
        String question = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        boolean known = question.contains("bonds") || question.contains("metrics");
        byte[] answer =
            (question.contains("metrics")
                    ? "podbond_bond_up 1\n"
                    : """
                    {"bonds": [{"pod": "demo/web-0", "bond": "bond0", "container": "c\u001b",
                     "health": "%s", "members": [{"name": "net1", "mii": "down", "pci": "0000:3b:02.0",
                     "pf": "ens1f0", "pfPci": "0000:3b:00.0"},
                     {"name": "net2", "mii": "held", "heldBack": "no partner", "pci": "0000:5e:02.0",
                     "pf": "ens2f0", "pfPci": "0000:5e:00.0"}], "since": "2026-11-30T00:00:00.25Z",
                     "transitions": [{"cause": "PF ens1f0 (0000:3b:00.0) has no carrier"}]}],
                     "pfs": [{"name": "ens1f0", "pci": "0000:3b:00.0", "carrier": false},
                     {"name": "ens2f0", "pci": "0000:5e:00.0", "carrier": true, "upstream":
                      {"state": "bad", "why": "lacp: no partner\u001b", "watched": true}}],
                     "uplinkStorm": "2 of 2"}
                    """
                        .formatted(health)
                        .replace("\u001b", "\\u001b"))
                .getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(asker));
        out.writeInt(1 + 5 + 1 + 5 + answer.length);
        out.write(new byte[] {4, 23, 0, 0, 0, 1, (byte) (known ? 0 : 1), 20});
        out.writeInt(answer.length);
        out.write(answer);
        out.flush();
      } catch (IOException _) {
        // Closed, or its asker is gone.
      }
    }
  }

  @Test
  @Order(4)
  void theReporterWritesWhatChangesAndNothingElse() throws Exception {
    cluster.kubectl("delete", "bondnodestate", "node-a");
    Process first = reporter("NODE=node-a");
    cluster.await("bondnodestate node-a", "{.status.bonds[0].health}", HEALTHY::equals);
    assertThat(jsonPath("{.metadata.ownerReferences[0].name}")).isEqualTo("node-a");
    assertThat(jsonPath("{.status.pfs[1].upstream} {.status.pfs[1].upstreamReason}"))
        .isEqualTo("bad lacp: no partner<001b>");
    assertThat(jsonPath("{.status.bonds[0].members[*].state} {.status.uplinkStorm}"))
        .isEqualTo("down held 2 of 2");
    health = DEGRADED;
    cluster.await("bondnodestate node-a", "{.status.bonds[0].health}", DEGRADED::equals);
    String written = jsonPath("{.metadata.resourceVersion}");
    first.destroy();
    first.waitFor();

    Process second = reporter("NODE=node-a");
    Path log = directory.resolve("reporter.log");
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!Files.readString(log).contains("is as the agent says")) {
      assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(end);
      assertThat(second.isAlive()).as(Files.readString(log)).isTrue();
      Thread.sleep(100);
    }
    second.destroy();
    second.waitFor();
    assertThat(jsonPath("{.metadata.resourceVersion}")).isEqualTo(written);
  }

  @Test
  @Order(5)
  void kubectlGetAnswersTheFirstQuestion() {
    assertThat(cluster.kubectl("get", "bondnodes", "node-a").text())
        .containsPattern("NAME +BONDS +HEALTHY +DEGRADED +DOWN +AGE\nnode-a +1 +0 +1 +0 ");
    assertThat(cluster.kubectl("get", "bondnode", "node-a", "-o", "wide").text())
        .containsPattern(
            "DOWN +PFS DOWN +AGENT +AGE\nnode-a +1 +0 +1 +0 +1 +\\d+\\.\\d+\\.\\d+\\S* ");
  }

  /// As the chart runs it for metrics alone. The agent says what it always says; what the API
  /// server says of each token decides.
  @Test
  @Order(6)
  void metricsAreForWhoTheClusterAllowsThem() throws Exception {
    cluster.apply(
        """
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: prometheus, namespace: podbond}}
        ---
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: other, namespace: podbond}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: prometheus-reads-podbond}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: podbond-metrics-reader}
        subjects: [{kind: ServiceAccount, name: prometheus, namespace: podbond}]
        """);
    int port = TestCluster.freePort();
    Process reporter = reporter("PODBOND_METRICS_LISTEN=127.0.0.1:" + port);
    try {
      Path log = directory.resolve("reporter.log");
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
      while (!Files.readString(log).contains("metrics are served over HTTPS")) {
        assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(end);
        assertThat(reporter.isAlive()).as(Files.readString(log)).isTrue();
        Thread.sleep(100);
      }
      assertThat(scrape(port, Optional.of(tokenOf("prometheus"))))
          .as(Files.readString(log))
          .isEqualTo("podbond_bond_up 1\n200");
      assertThat(scrape(port, Optional.of(tokenOf("other"))))
          .as(Files.readString(log))
          .contains("podbond-metrics-reader")
          .endsWith("403");
      assertThat(scrape(port, Optional.empty())).contains("Bearer TOKEN").endsWith("401");
      assertThat(scrape(port, Optional.of("no-token"))).contains("does not know").endsWith("401");
    } finally {
      reporter.destroy();
      reporter.waitFor();
    }
  }

  private static String tokenOf(String account) {
    return cluster.kubectl("create", "token", account, "-n", "podbond").text().strip();
  }

  /// The answer, and its status behind it.
  private static String scrape(int port, Optional<String> token) {
    List<String> command =
        new ArrayList<>(
            List.of("curl", "-sk", "-w", "%{http_code}", "https://127.0.0.1:" + port + "/metrics"));
    token.ifPresent(some -> command.addAll(List.of("-H", "Authorization: Bearer " + some)));
    return TestCluster.run(command, "").text();
  }
}
