package dev.podbond.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.Serialization;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When the publisher writes, and when it does not.
@Timeout(120)
final class UplinkPublisherTest {
  private static final String MONITORS = "/apis/podbond.dev/v1alpha1/uplinkmonitors";
  private static final String MAPS = "/api/v1/namespaces/podbond/configmaps";
  private static final String MAP = "PATCH " + MAPS + "/podbond-uplink";
  private static final String STATUS = "PATCH " + MONITORS + "/all/status";
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Longer than a burst is gathered.
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final String TEXT =
      "{\\\"monitors\\\":[{\\\"name\\\":\\\"all\\\",\\\"nodes\\\":\\\"n1\\\",\\\"settings\\\":{\\\"action\\\":\\\"demote\\\"}}]}";

  private static final String PUBLISHED =
      """
      {"apiVersion": "v1", "kind": "ConfigMap",
       "metadata": {"name": "podbond-uplink", "namespace": "podbond", "resourceVersion": "%d"},
       "data": {"uplinks.json": "%s"}}
      """;

  private static final String CONDITIONS =
      """
      {"observedGeneration": 1, "nodes": 1, "conditions": [
       {"type": "Ready", "status": "True", "observedGeneration": 1,
        "lastTransitionTime": "2026-11-30T11:00:00Z", "reason": "Published",
        "message": "1 node can read its settings"},
       {"type": "Degraded", "status": "False", "observedGeneration": 1,
        "lastTransitionTime": "2026-11-30T11:00:00Z", "reason": "AsExpected",
        "message": "no node that it selects follows another one"}]}
      """;

  private final FakeApiServer server;
  private final KubernetesClient client;
  private final UplinkPublisher publisher;

  UplinkPublisherTest() throws Exception {
    server = new FakeApiServer();
    client =
        new KubernetesClientBuilder()
            .withConfig(server.config())
            .withKubernetesSerialization(Serialization.create())
            .build();
    publisher = new UplinkPublisher(client, "podbond", InstantSource.fixed(NOW));
  }

  private static String monitor(int version, String status) {
    return """
    {"apiVersion": "podbond.dev/v1alpha1", "kind": "UplinkMonitor",
     "metadata": {"name": "all", "uid": "u1", "resourceVersion": "%d", "generation": 1,
      "creationTimestamp": "2026-11-30T11:00:00Z"},
     "spec": {"action": "demote"}, "status": %s}
    """
        .formatted(version, status);
  }

  private static String node(String name) {
    return """
    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s", "uid": "%1$s", "resourceVersion": "1"}}
    """
        .formatted(name);
  }

  @BeforeEach
  void oneMonitorAndOneNode() {
    server.list("/api/v1/nodes", node("n1"));
    server.list(MONITORS, monitor(1, "{}"));
    server.put(MONITORS + "/all", monitor(1, "{}"));
  }

  @AfterEach
  void end() {
    publisher.close();
    client.close();
    server.close();
  }

  private List<String> writes() {
    return server.asked().stream().filter(asked -> !asked.startsWith("GET ")).toList();
  }

  private void await(String write) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!writes().contains(write)) {
      assertThat(System.nanoTime()).as("%s among %s", write, server.asked()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  @Test
  void theConfigMapIsWrittenBeforeAStatusSaysSo() throws Exception {
    publisher.start();
    await(STATUS);
    assertThat(writes().getFirst()).isEqualTo(MAP);
  }

  @Test
  void whatCannotBePublishedIsNotSaidToBe() throws Exception {
    server.refuse(MAPS, "no");
    publisher.start();
    await(MAP);
    Thread.sleep(QUIET.toMillis());
    assertThat(writes()).doesNotContain(STATUS);
    server.accept(MAPS);
    await(STATUS);
  }

  @Test
  void withoutAChangeNothingIsWrittenAndWhatOthersWriteIsTakenBack() throws Exception {
    server.list(MAPS, PUBLISHED.formatted(1, TEXT));
    server.list(MONITORS, monitor(1, CONDITIONS));
    publisher.start();
    server.tell("/api/v1/nodes", "MODIFIED", node("n1"));
    server.tell(MONITORS, "MODIFIED", monitor(2, CONDITIONS));
    server.tell(MAPS, "MODIFIED", PUBLISHED.formatted(2, TEXT));
    Thread.sleep(QUIET.toMillis());
    assertThat(writes()).isEmpty();

    server.tell(MAPS, "MODIFIED", PUBLISHED.formatted(3, "{}"));
    await(MAP);
    server.tell(MAPS, "MODIFIED", PUBLISHED.formatted(4, TEXT));
    Thread.sleep(QUIET.toMillis());
    server.forget();
    server.tell(MAPS, "DELETED", PUBLISHED.formatted(5, TEXT));
    await(MAP);
  }

  @Test
  void aNodeThatComesIsToldOfAndCounted() throws Exception {
    server.list(MAPS, PUBLISHED.formatted(1, TEXT));
    server.list(MONITORS, monitor(1, CONDITIONS));
    publisher.start();
    server.tell("/api/v1/nodes", "ADDED", node("n2"));
    await(MAP);
    await(STATUS);
  }

  @Test
  void anObjectThatIsNotReadTakesNoOtherWithIt() throws Exception {
    server.list(
        MONITORS,
        monitor(1, "{}")
            + ","
            + monitor(1, "\"" + "x".repeat(70_000) + "\"")
                .replace("\"all\"", "\"odd\"")
                .replace("\"u1\"", "\"u2\"")
                .replace("{\"action\": \"demote\"}", "[\"" + "x".repeat(70_000) + "\"]"));
    publisher.start();
    await(STATUS);
  }
}
