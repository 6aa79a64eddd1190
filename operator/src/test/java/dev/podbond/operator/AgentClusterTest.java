package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// When the plugin leaves a node, as the API server decides it, with the agent's image and the
/// rights of its pods. The lab tests what the agent does on a kernel.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AgentClusterTest {
  private static final String PLUGINS = "/opt/cni/bin";

  @TempDir static Path directory;
  private static TestCluster cluster;
  private static ContainerImage image;
  private static Path plugins;
  private static Path account;

  @BeforeAll
  static void install() throws IOException {
    cluster = new TestCluster(directory);
    cluster.install();
    image =
        ContainerImage.unpack(
            Path.of(System.getProperty("podbond.agent-image")), directory.resolve("agent"));
    plugins = Files.createDirectories(directory.resolve("plugins"));
    account = cluster.serviceAccount("podbond-agent");
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void installPlugin() throws IOException {
    Files.writeString(plugins.resolve("bond"), "somebody else's");
    run("install", "/opt/podbond/bin/podbond-shim", PLUGINS, "podbond", "bond");
    assertThat(plugins.resolve("podbond")).isExecutable();
    assertThat(plugins.resolve("bond")).isExecutable();
  }

  @Test
  @Order(1)
  void staysWhileTheDaemonSetIsThere() {
    assertThat(leave()).contains("the shim stays: another agent follows");
    assertThat(plugins.resolve("podbond")).exists();
  }

  @Test
  @Order(2)
  void goesWhileTheDaemonSetIsBeingDeleted() {
    cluster.kubectl(
        "patch",
        "daemonset",
        "podbond-agent",
        "-n",
        "podbond",
        "--type=merge",
        "-p={\"metadata\": {\"finalizers\": [\"podbond.dev/test\"]}}");
    cluster.kubectl("delete", "daemonset", "podbond-agent", "-n", "podbond", "--wait=false");

    assertThat(leave()).contains("removed the shim", "it is being deleted");
    assertThat(plugins.resolve("podbond")).doesNotExist();
    assertThat(plugins.resolve("bond")).hasContent("somebody else's");
  }

  @Test
  @Order(3)
  void goesWhenTheDaemonSetIsGone() {
    cluster.kubectl(
        "patch",
        "daemonset",
        "podbond-agent",
        "-n",
        "podbond",
        "--type=merge",
        "-p={\"metadata\": {\"finalizers\": null}}");

    assertThat(leave()).contains("removed the shim", "it is deleted");
  }

  /// An API server that refuses the question says nothing about the DaemonSet.
  @Test
  @Order(4)
  void staysWhenItsRightsAreGone() {
    cluster.kubectl("delete", "rolebinding", "podbond-agent", "-n", "podbond");
    assertThat(leave()).contains("the shim stays", "status 403");
    assertThat(plugins.resolve("podbond")).exists();
  }

  @Test
  @Order(5)
  void staysWhenItsServiceAccountIsGone() throws IOException {
    cluster.kubectl("delete", "serviceaccount", "podbond-agent", "-n", "podbond");
    // 401, or 403 for as long as the API server remembers the token.
    assertThat(leave()).contains("the shim stays", "does not let this pod ask");
    assertThat(plugins.resolve("podbond")).exists();
  }

  private static String leave() {
    return run("leave", PLUGINS, "podbond", "bond");
  }

  private static String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("env"));
    cluster.service().forEach((name, value) -> command.add(name + "=" + value));
    command.add("PODBOND_DAEMONSET=podbond-agent");
    command.addAll(
        List.of(
            "../testing/contain",
            image.rootfs().toString(),
            "0:0",
            "",
            plugins + ":" + PLUGINS,
            account + ":/var/run/secrets/kubernetes.io/serviceaccount:ro",
            "--",
            "/opt/podbond/bin/java",
            "-m",
            "dev.podbond.agent/dev.podbond.agent.install.Main"));
    command.addAll(List.of(arguments));
    TestCluster.Output output = TestCluster.run(command, "");
    assertThat(output.status()).as(output.text()).isZero();
    return output.text();
  }
}
