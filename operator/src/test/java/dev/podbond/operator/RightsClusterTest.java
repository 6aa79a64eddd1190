package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an attacker who controls the operator can do with its account, decided by a real API
/// server.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RightsClusterTest {
  private static final String ACCOUNT = "--as=system:serviceaccount:podbond:podbond-operator";
  private static final int WEBHOOK = TestCluster.freePort();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir static Path directory;
  private static TestCluster cluster;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.install("webhook.url=https://localhost:" + WEBHOOK);
    // A pod with a variable whose name, which is then also in its managedFields, is longer than the
    // client reads by default; the pod exists before the operator.
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: hostile, namespace: default}
        spec:
          nodeName: some
          containers:
            - {name: main, image: "registry.k8s.io/pause:3.10", env: [{name: "%s", value: x}]}
        """
            .formatted("x".repeat(60_000)));
    // The API server applies policies a moment after it has stored them.
    Instant end = Instant.now().plus(PATIENCE);
    while (patch("mutatingwebhookconfiguration podbond", dangerous()).status() == 0
        || patch("namespace default", "{\"metadata\": {\"labels\": {\"x\": \"y\"}}}").status()
            == 0) {
      assertThat(Instant.now()).as("the policies are obeyed").isBefore(end);
    }
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String dangerous() {
    return "[{\"op\": \"replace\", \"path\": \"/webhooks/0/clientConfig/url\", \"value\":"
        + " \"https://elsewhere.example/\"}]";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mutatingwebhookconfiguration podbond", "validatingwebhookconfiguration podbond"})
  @Order(1)
  void ofAWebhookConfigurationOnlyTheAuthorityChanges(String target) {
    assertThat(
            patch(
                    target,
                    "[{\"op\": \"add\", \"path\": \"/webhooks/0/clientConfig/caBundle\", \"value\":"
                        + " \"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1BPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=\"}]")
                .text())
        .doesNotContain("podbond's operator changes");
    for (String change :
        new String[] {
          dangerous(),
          "[{\"op\": \"add\", \"path\": \"/webhooks/0/rules/-\", \"value\": {\"apiGroups\": [\"*\"],"
              + " \"apiVersions\": [\"*\"], \"resources\": [\"*\"], \"operations\": [\"*\"]}}]",
          "[{\"op\": \"replace\", \"path\": \"/webhooks/0/failurePolicy\", \"value\": \"Ignore\"}]",
          "[{\"op\": \"add\", \"path\": \"/webhooks/0/namespaceSelector\", \"value\": {}}]",
          "[{\"op\": \"remove\", \"path\": \"/webhooks/0/matchConditions\"}]",
          "[{\"op\": \"add\", \"path\": \"/webhooks/0/timeoutSeconds\", \"value\": 30}]",
          "[{\"op\": \"remove\", \"path\": \"/webhooks/1\"}]",
          "[{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {\"x\": \"y\"}}]",
          "[{\"op\": \"add\", \"path\": \"/metadata/finalizers\", \"value\": [\"x.example/y\"]}]"
        }) {
      assertRefused(target, change);
    }
  }

  @Test
  @Order(1)
  void ofANamespaceOnlyTheOneLabelChanges() {
    assertThat(label("podbond.dev/bonds", "true").status()).isZero();
    for (String change :
        new String[] {
          "{\"metadata\": {\"labels\": {\"pod-security.kubernetes.io/enforce\": \"privileged\"}}}",
          "{\"metadata\": {\"labels\": {\"podbond.dev/bonds\": \"false\"}}}",
          "{\"metadata\": {\"labels\": {\"podbond.dev/bonds\": \"true\", \"x\": \"y\"}}}",
          "{\"metadata\": {\"annotations\": {\"x\": \"y\"}}}",
          "{\"metadata\": {\"finalizers\": [\"x.example/y\"]}}"
        }) {
      assertRefused("namespace default", change);
    }
  }

  /// An object of any user must not keep the operator from starting.
  @Test
  @Order(2)
  void onePodThatIsHardToReadStopsNothing() {
    cluster.operator("only", WEBHOOK, TestCluster.freePort(), Map.of());

    assertThat(
            cluster
                .kubectl(
                    "get", "pod", "hostile", "-n", "default", "-o", "json", "--show-managed-fields")
                .text())
        .contains("x".repeat(60_000) + "\\\"}");
  }

  @Test
  @Order(3)
  void theMarkOfANamespaceComesBack() {
    BondScene scene = BondScene.of("marked");
    cluster.apply(scene.namespaceYaml());
    cluster.apply(scene.surroundingsYaml());
    cluster.apply(scene.bondYaml());
    for (int i = 0; i < 2; i++) {
      cluster.await(
          "namespace " + scene.namespace(),
          "{.metadata.labels.podbond\\.dev/bonds}",
          "true"::equals);
      cluster.kubectl("label", "namespace", scene.namespace(), "podbond.dev/bonds-");
    }
    cluster.await(
        "namespace " + scene.namespace(), "{.metadata.labels.podbond\\.dev/bonds}", "true"::equals);
  }

  @Test
  @Order(4)
  void whereItsCertificateIsAnothersItHasNoRightToWebhookConfigurations() {
    String chart = cluster.chart("webhook.certManager=true");

    assertThat(chart)
        .doesNotContain(
            "resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations]")
        .doesNotContain("resources: [secrets]");
  }

  private static void assertRefused(String target, String change) {
    TestCluster.Output output = patch(target, change);
    assertThat(output.status()).as(change + ": " + output.text()).isNotZero();
    assertThat(output.text()).contains("ValidatingAdmissionPolicy 'podbond-operator-");
  }

  private static TestCluster.Output label(String key, String value) {
    return patch(
        "namespace default", "{\"metadata\": {\"labels\": {\"" + key + "\": \"" + value + "\"}}}");
  }

  private static TestCluster.Output patch(String target, String change) {
    String[] object = target.split(" ");
    return cluster.kubectl(
        "patch",
        object[0],
        object[1],
        ACCOUNT,
        "--dry-run=server",
        "--type=" + (change.startsWith("[") ? "json" : "merge"),
        "-p=" + change);
  }
}
