package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart renders, before the judge that counts: a server-side dry run.
@Tag("cluster")
final class ChartClusterTest {
  private static final Path CHART = Path.of("../packaging/chart");
  private static final Path MANIFESTS = Path.of("../packaging/kubernetes");

  @TempDir static Path directory;
  private static TestCluster cluster;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.installKinds();
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-f ../packaging/chart/values-okd.yaml",
        "--set=webhook.certManager=true",
        "--set=selinux.type=spc_t --set=agent.allowHostLinks=true",
        "--set=standalone.renderNetworks=true --set=standalone.makeVfs=true"
            + " --set=operator.replicas=1",
        "--set=agent.metrics.address=$(NODE_IP) --set=agent.metrics.podMonitor=true"
            + " --set=agent.metrics.rules=true --set=agent.metrics.labels.release=prometheus",
        "--set=agent.nodeState.enabled=true",
        "--set=uplinkMonitor.enabled=true",
        "-f ../packaging/chart/values-okd.yaml --set=uplinkMonitor.enabled=true"
            + " --set=standalone.makeVfs=true",
        "--set=dra.enabled=true --set=dra.distinctAttribute=true",
        "-f ../packaging/chart/values-okd.yaml --set=agent.nodeState.enabled=true"
            + " --set=standalone.makeVfs=true",
        "--set=agent.metrics.address=0.0.0.0 --set=agent.metrics.podMonitor=true"
            + " --set=agent.metrics.detail=bond",
        "--set=agent.secureMetrics.enabled=true --set=agent.metrics.podMonitor=true",
        "-f ../packaging/chart/values-okd.yaml --set=agent.nodeState.enabled=true"
            + " --set=agent.secureMetrics.enabled=true"
            + " --set=agent.secureMetrics.certificateSecret=c"
            + " --set=agent.secureMetrics.tokenSecret=t --set=agent.metrics.podMonitor=true",
        "-f ../packaging/chart/values-okd.yaml --set=standalone.makeVfs=true"
            + " --set=plugin.alsoAs={bond,sriov}"
      })
  void isValid(String values) throws IOException {
    Path file = directory.resolve("chart.yaml");
    Files.writeString(file, template(values));

    TestCluster.Output output =
        cluster.kubectl(
            "apply",
            "--server-side",
            "--validate=strict",
            "--dry-run=server",
            "-f",
            file.toString());

    assertThat(output.status()).as(output.text()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"podbond.yaml, ''", "podbond-okd.yaml, -f ../packaging/chart/values-okd.yaml"})
  void isWhatThePlainManifestsAre(String manifest, String values) throws IOException {
    assertThat(Files.readString(MANIFESTS.resolve(manifest)))
        .as("run packaging/manifests")
        .isEqualTo(template(values));
  }

  /// It is not helm that packs it.
  @Test
  void inTheArchiveOfAReleaseIsTheSame() throws IOException, InterruptedException {
    Path archive = directory.resolve("podbond.tgz");
    Process packed =
        new ProcessBuilder("../packaging/chart-archive", archive.toString()).inheritIO().start();

    assertThat(packed.waitFor()).isZero();
    assertThat(cluster.helm("template", "podbond", archive.toString(), "--namespace=podbond"))
        .isEqualTo(template(""));
  }

  /// SELinux keeps an ordinary container from the node's directories, AppArmor's usual profile any
  /// container from writing below /sys.
  @Test
  void asksForWhatTheNodesGuardsHaveToAllow() {
    String spcT = "seLinuxOptions: {type: spc_t}";
    assertThat(template("")).doesNotContain("seLinuxOptions", "appArmorProfile");
    assertThat(template("--set=selinux.type=spc_t")).containsOnlyOnce(spcT);
    assertThat(template("-f ../packaging/chart/values-okd.yaml")).containsOnlyOnce(spcT);
    assertThat(template("--set=standalone.makeVfs=true"))
        .containsOnlyOnce("appArmorProfile: {type: Unconfined}");
  }

  @Test
  void givesNoLinksOfTheNodeToPodsUnlessItsOwnerSaysSo() {
    assertThat(template("")).contains("{\"allowHostLinks\": false,");
    assertThat(template("--set=agent.allowHostLinks=true")).contains("{\"allowHostLinks\": true,");
  }

  /// What a pod left on its VF in another namespace may show by no sign.
  @Test
  void makesEachVfAnewForItsNextPodUnlessItsOwnerSaysOtherwise() {
    assertThat(template("")).contains("\"rebindVfs\": \"always\",");
    assertThat(template("--set=agent.rebindVfs=onSign")).contains("\"rebindVfs\": \"onSign\",");
  }

  @Test
  void doesTheWorkOfHostLocalUnlessItsOwnerSaysOtherwise() {
    assertThat(template("")).contains("\"builtInIpam\": true}");
    assertThat(template("--set=agent.builtInIpam=false")).contains("\"builtInIpam\": false}");
  }

  /// Plain HTTP in the node's network is nothing that comes by itself.
  @Test
  void hasTheAgentsServeMetricsOnlyWhereItsOwnerSays() {
    String variable = "{name: PODBOND_METRICS_LISTEN, value: ";
    assertThat(template("")).doesNotContain(variable, "monitoring.coreos.com");
    assertThat(template("--set=agent.metrics.address=127.0.0.1"))
        .containsOnlyOnce(variable + "\"127.0.0.1:9809\"}")
        .doesNotContain("monitoring.coreos.com");
    assertThat(template("--set=agent.metrics.address=[$(NODE_IP)] --set=agent.metrics.port=80"))
        .containsOnlyOnce(variable + "\"[$(NODE_IP)]:80\"}");
  }

  /// To make what pods claim is nothing that comes by itself either.
  @Test
  void mayMakeClaimsTemplatesOnlyWhereItsOwnerSays() {
    assertThat(template("")).doesNotContain("resource.k8s.io", "PODBOND_DRA");
    assertThat(template("--set=dra.enabled=true"))
        .contains(
            "resources: [resourceclaimtemplates]",
            "podbond-operator-claims",
            "{name: PODBOND_DRA, value: \"true\"}",
            "{name: PODBOND_DRA_DISTINCT, value: \"auto\"}",
            "{name: PODBOND_DRA_DEVICE_CLASS, value: \"sriovnetwork.k8snetworkplumbingwg.io\"}");
  }

  /// Nor is it to say what agents do, or to hear of it from an object that others may write.
  @Test
  void hasAgentsFollowUplinkMonitorsOnlyWhereItsOwnerSays() {
    assertThat(template(""))
        .contains("name: uplinkmonitors.podbond.dev")
        .doesNotContain(
            "podbond-uplink", "PODBOND_NODE\n", "PODBOND_UPLINK_MONITORS", "[uplinkmonitors]");
    assertThat(template("--set=uplinkMonitor.enabled=true"))
        .containsPattern(
            "name: PODBOND_NODE\\s+valueFrom: \\{fieldRef: \\{fieldPath: spec.nodeName}}")
        .contains(
            "{name: PODBOND_UPLINK_MONITORS, value: \"true\"}",
            "{name: uplink, mountPath: /etc/podbond-uplink, readOnly: true}",
            "configMap: {name: podbond-uplink, optional: true}")
        .containsPattern(
            "resources: \\[configmaps]\\s+resourceNames: \\[podbond-uplink]"
                + "\\s+verbs: \\[get, list, watch, create, patch]");
  }

  /// Rights to ask about tokens are nothing that comes by itself either.
  @Test
  void asksAboutTokensOnlyWhereMetricsAreServedToThem() {
    assertThat(template("--set=agent.nodeState.enabled=true"))
        .contains("name: reporter", "{fieldPath: spec.nodeName}")
        .doesNotContain("tokenreviews", "podbond-metrics-reader");
    assertThat(template("--set=agent.secureMetrics.enabled=true"))
        .containsOnlyOnce("{name: PODBOND_METRICS_LISTEN, value: \"$(NODE_IP):9810\"}")
        .containsOnlyOnce("resources: [tokenreviews]")
        .doesNotContain(
            "{fieldPath: spec.nodeName}", "podbond-metrics-token", "bondnodestates/status");
    assertThat(
            template("--set=agent.secureMetrics.enabled=true --set=agent.metrics.podMonitor=true"))
        .contains(
            "- scheme: https",
            "credentials: {name: podbond-metrics-token, key: token}",
            "tlsConfig: {insecureSkipVerify: true}",
            "regex: reporter}",
            "replacement: \"${1}:9810\"");
    assertThat(
            template(
                "--set=agent.secureMetrics.enabled=true --set=agent.metrics.podMonitor=true"
                    + " --set=agent.secureMetrics.certificateSecret=c"
                    + " --set=agent.secureMetrics.tokenSecret=t"))
        .contains("serverName: podbond-agent", "credentials: {name: t, key: token}")
        .doesNotContain("insecureSkipVerify", "kubernetes.io/service-account-token");
  }

  /// The agents would end at their start, on every node.
  @ParameterizedTest
  @ValueSource(strings = {"localhost", "::1", "127.0.0.1:9809", "[127.0.0.1]", "$(HOST)"})
  void isNotInstalledWithAnAddressThatNoAgentUnderstands(String address) {
    String values = "--set-string=agent.metrics.address=" + address;
    assertThatThrownBy(() -> template(values))
        .hasMessageContaining("agent.metrics.address is \"" + address + "\", which must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "127.0.0.1", "127.1.2.3", "[::1]"})
  void hasTheAgentsAskedOnlyWhereAPrometheusReachesThem(String address) {
    String values =
        "--set=agent.metrics.podMonitor=true --set-string=agent.metrics.address=" + address;
    assertThatThrownBy(() -> template(values))
        .hasMessageContaining("where no Prometheus of the cluster reaches the agents");
  }

  /// `testing/promtool` tests that file.
  @Test
  void hasTheRulesOfTheFileThatIsTested() throws IOException {
    List<String> rules =
        Files.readAllLines(CHART.resolve("rules/podbond.yaml")).stream()
            .map(line -> "  " + line)
            .toList();
    assertThat(template("--set=agent.metrics.rules=true").lines().toList())
        .containsSubsequence(rules);
  }

  /// `testing/promtool` tests that file as well.
  @Test
  void hasTheDashboardOfTheFileThatIsTestedWhereItsOwnerSays() throws IOException {
    assertThat(template("")).doesNotContain("grafana_dashboard");

    List<String> board =
        Files.readAllLines(CHART.resolve("dashboards/podbond.json")).stream()
            .map(line -> "    " + line)
            .toList();
    assertThat(template("--set=agent.metrics.dashboard=true").lines().toList())
        .contains("  labels: {grafana_dashboard: \"1\"}")
        .containsSubsequence(board);
  }

  @Test
  void holdsBackAReleaseWhoseAgentsDoNotAnswer() {
    assertThat(template(""))
        .contains("minReadySeconds: 45", "readinessProbe:", "livenessProbe:")
        .containsPattern("command: \\[/opt/podbond/bin/podbond-shim, probe]");
  }

  /// Each such probe costs the node a process that containerd and runc start.
  @Test
  void anAgentThatHasStartedIsSeldomAsked() {
    String probe = "Probe:\\s+exec:\\s+\\{?command: \\[/opt/podbond/bin/podbond-shim, probe]}?";
    assertThat(template(""))
        .containsPattern(
            "startup"
                + probe
                + "\\s+periodSeconds: 5\\s+timeoutSeconds: 10\\s+failureThreshold: 60")
        .containsPattern("readiness" + probe + "\\s+periodSeconds: 30")
        .containsPattern("liveness" + probe + "\\s+periodSeconds: 60");
  }

  @Test
  void letsAnOperatorOnASlowNodeStartForFiveMinutes() {
    assertThat(template(""))
        .containsPattern(
            "startupProbe:\\s+httpGet: \\{path: /healthz, port: health}"
                + "\\s+periodSeconds: 2\\s+failureThreshold: 150\\s+(?:#.*\\s+)?livenessProbe:"
                + "\\s+httpGet: \\{path: /healthz, port: health}\\s+timeoutSeconds: 5"
                + "\\s+failureThreshold: 6\\s");
  }

  /// Otherwise the DaemonSet would have no pods, and only its events would say why.
  @Test
  void isNotInstalledIntoANamespaceThatForbidsTheAgent() {
    String label = "pod-security.kubernetes.io/enforce";
    cluster.apply(
        "{apiVersion: v1, kind: Namespace, metadata: {name: strict, labels: {"
            + label
            + ": baseline}}}");
    String[] install = {
      "template",
      "podbond",
      CHART.toString(),
      "--namespace=strict",
      "--dry-run=server",
      "--kubeconfig=" + directory.resolve("kubeconfig")
    };
    assertThatThrownBy(() -> cluster.helm(install))
        .hasMessageContaining("namespace strict enforces the Pod Security level baseline")
        .hasMessageContaining(
            "kubectl label namespace strict --overwrite " + label + "=privileged");

    cluster.apply(
        "{apiVersion: v1, kind: Namespace, metadata: {name: strict, labels: {"
            + label
            + ": privileged}}}");
    assertThat(cluster.helm(install)).contains("kind: DaemonSet");
  }

  private static String template(String values) {
    List<String> arguments =
        new ArrayList<>(List.of("template", "podbond", CHART.toString(), "--namespace=podbond"));
    if (!values.isEmpty()) {
      arguments.addAll(List.of(values.split(" ")));
    }
    return cluster.helm(arguments.toArray(String[]::new));
  }
}
