package dev.podbond.operator.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.Serialization;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NodeReportsTest {
  private static final String STATES = "/apis/podbond.dev/v1alpha1/bondnodestates";
  private static final String AGENTS = "/api/v1/namespaces/podbond/pods";
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final InstantSource clock = now::get;
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final FakeApiServer server = new FakeApiServer();
  private final KubernetesClient client =
      new KubernetesClientBuilder()
          .withConfig(server.config())
          .withKubernetesSerialization(Serialization.create())
          .build();

  NodeReportsTest() throws IOException {}

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  /// @param bonds how many the node reports
  private static String state(String node, int version, int bonds) {
    String bond = "{\"namespace\": \"demo\", \"pod\": \"web\", \"bond\": \"b\"}";
    return """
    {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNodeState",
     "metadata": {"name": "%s", "uid": "%1$s", "resourceVersion": "%d"},
     "status": {"bonds": [%s]}}
    """
        .formatted(node, version, String.join(",", Collections.nCopies(bonds, bond)));
  }

  private static String agent(String node, int version, boolean isReady) {
    return """
    {"apiVersion": "v1", "kind": "Pod",
     "metadata": {"name": "agent-%s", "namespace": "podbond", "uid": "agent-%1$s",
      "resourceVersion": "%d"},
     "spec": {"nodeName": "%1$s"},
     "status": {"conditions": [{"type": "Ready", "status": "%s"}]}}
    """
        .formatted(node, version, isReady ? "True" : "False");
  }

  private NodeReports started(NodeReports reports) throws InterruptedException {
    CountDownLatch filled = new CountDownLatch(1);
    reports.listen(told::add);
    reports.start(filled::countDown);
    assertThat(filled.await(1, TimeUnit.MINUTES)).isTrue();
    return reports;
  }

  private void pass(Duration time) {
    now.updateAndGet(then -> then.plus(time));
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (!wanted.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(5);
    }
  }

  /// An agent that restarts just then is not silent.
  @Test
  void whoLeadsAfterAnHourGivesAgentsAsMuchTimeAsWhoWasJustStarted() throws Exception {
    server.list(STATES, state("n1", 1, 1));
    server.list(AGENTS, agent("n1", 1, false));
    try (NodeReports reports = new NodeReports(client, "podbond", clock)) {
      pass(Duration.ofHours(1));
      started(reports);
      await(() -> told.contains("n1"));

      assertThat(reports.of("n1")).isPresent();
      pass(NodeReports.GRACE);
      assertThat(reports.of("n1")).isPresent();
      pass(SECOND);
      assertThat(reports.of("n1")).isEmpty();
    }
  }

  /// It may be silent between two checks only. Who looked at it then has nothing to look at, and
  /// must learn that there is something again.
  @Test
  void thatASilentNodeSpeaksAgainIsToldAtOnce() throws Exception {
    // Without a report of n1 no check tells of it.
    server.list(STATES, state("n2", 1, 1));
    server.list(AGENTS, agent("n1", 1, true) + "," + agent("n2", 1, true));
    try (NodeReports reports = started(new NodeReports(client, "podbond", clock))) {
      await(() -> reports.of("n2").isPresent());
      server.tell(AGENTS, "MODIFIED", agent("n1", 2, false));
      server.tell(AGENTS, "MODIFIED", agent("n2", 2, false));
      await(() -> {
        pass(NodeReports.GRACE.plus(SECOND));
        return reports.of("n2").isEmpty();
      });
      assertThat(told).doesNotContain("n1");

      server.tell(AGENTS, "MODIFIED", agent("n1", 3, true));

      await(() -> told.contains("n1"));
    }
  }

  /// Silent nodes are found by the same thread.
  @Test
  void aCheckReadsOneReportAgainAndOnce() throws Exception {
    List<String> nodes = List.of("n1", "n2", "n3");
    server.list(STATES, state("n1", 1, 10) + "," + state("n2", 1, 10) + "," + state("n3", 1, 10));
    Room oneReport = new Room(6000, 6000);
    try (KubernetesClient retrying =
            new KubernetesClientBuilder()
                .withConfig(
                    new ConfigBuilder(server.config())
                        .withRequestRetryBackoffLimit(3)
                        .withRequestRetryBackoffInterval(1)
                        .build())
                .withKubernetesSerialization(Serialization.create())
                .build();
        NodeReports reports =
            started(new NodeReports(retrying, "podbond", clock, oneReport, Duration.ofDays(1)))) {
      await(() -> nodes.stream().anyMatch(node -> reports.of(node).isPresent()));
      String kept =
          nodes.stream().filter(node -> reports.of(node).isPresent()).findFirst().orElseThrow();
      server.tell(STATES, "MODIFIED", state(kept, 2, 1));
      await(() -> reports.of(kept).filter(now -> now.cost() < 3000).isPresent());
      server.setAway(true);
      server.forget();
      List<String> others = nodes.stream().filter(node -> !node.equals(kept)).toList();

      reports.check();
      assertThat(server.asked()).containsExactly("GET " + STATES + "/" + others.getFirst());
      reports.check();
      reports.check();
      assertThat(server.asked())
          .containsExactly(
              "GET " + STATES + "/" + others.getFirst(),
              "GET " + STATES + "/" + others.getLast(),
              "GET " + STATES + "/" + others.getFirst());
    }
  }

  @Test
  void aReportForWhichThereWasNoRoomIsReadOnceThereIs() throws Exception {
    server.list(STATES, state("n1", 1, 10) + "," + state("n2", 1, 10));
    server.list(AGENTS, agent("n1", 1, true) + "," + agent("n2", 1, true));
    server.put(STATES + "/n1", state("n1", 1, 10));
    server.put(STATES + "/n2", state("n2", 1, 10));
    Room oneReport = new Room(6000, 6000);
    try (NodeReports reports =
        started(new NodeReports(client, "podbond", clock, oneReport, SECOND))) {
      await(() -> reports.of("n1").isPresent() != reports.of("n2").isPresent());
      String kept = reports.of("n1").isPresent() ? "n1" : "n2";
      String other = kept.equals("n1") ? "n2" : "n1";
      told.clear();

      server.tell(STATES, "MODIFIED", state(kept, 2, 1));
      await(() -> reports.of(other).isPresent());
      assertThat(told).contains(other);
    }
  }
}
