package dev.podbond.acceptance;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The executables as a runtime finds them in its plugin directory. The contract is environment,
/// stdin, stdout and exit code; stdout has the result and nothing else.
class ExecutablesKernelTest extends PodTest {
  private Outcome bond(String verb, JsonObject config) throws Exception {
    return Dist.plugin(
        "bond",
        Map.of(
            "CNI_COMMAND",
            verb,
            "CNI_CONTAINERID",
            pod.name(),
            "CNI_NETNS",
            pod.netns().toString(),
            "CNI_IFNAME",
            "net3",
            "CNI_PATH",
            Dist.plugins() + ":/usr/lib/cni"),
        config.toString());
  }

  @Test
  void theUsersNadIsAttachedAndDetached() throws Exception {
    pod.withDummies("net1", "net2");
    JsonObject config = UserNad.config(node);
    Path multus =
        Node.writeDownAsMultus(Path.of("/var/lib/cni/multus"), pod, "{}", "{}", config.toString());
    Outcome added = bond("ADD", config).ok();
    Files.delete(multus);
    assertThat(added.json()).isEqualTo(UserNad.result(pod));
    assertThat(pod.report("bond0"))
        .contains(
            "Bonding Mode: fault-tolerance (active-backup) (fail_over_mac active)",
            "MII Polling Interval (ms): 100");
    assertThat(bond("DEL", config).ok().stdout()).isEmpty();
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(node.reservations()).isEmpty();
    bond("DEL", config).ok();
  }

  @Test
  void anErrorIsJsonOnStdout() throws Exception {
    pod.withDummies("net1", "net2");
    Snapshot before = node.snapshot(pod);
    JsonObject wrong =
        JsonObject.builder()
            .putAll(UserNad.config(node))
            .putAll(Network.members("'failOverMac': 7"))
            .build();
    bond("ADD", wrong).failed(7, "failOverMac", "7");
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bond", "sriov"})
  void versionIsAnsweredUnderAnyName(String type) throws Exception {
    Outcome version =
        Dist.plugin(type, Map.of("CNI_COMMAND", "VERSION"), "{\"cniVersion\": \"1.0.0\"}");
    assertThat(SeenLink.words(version.ok().json(), "supportedVersions")).contains("0.3.1", "1.1.0");
  }

  /// All but these run in the agent's container too, whose memory they share with the agent.
  @ParameterizedTest
  @CsvSource({"apply, 128", "delete, 128", "follow, 128", "diagnose, 64", "--version, 64"})
  void onlyWhatReadsAClustersObjectsHasALargeHeap(String command, int mebibytes, @TempDir Path home)
      throws Exception {
    Path bin = Files.createDirectory(home.resolve("bin"));
    Path podbond = Files.copy(Dist.podbond(), bin.resolve("podbond"), COPY_ATTRIBUTES);
    Path java = Files.writeString(bin.resolve("java"), "#!/bin/sh\necho \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    assertThat(Shell.run(List.of(podbond.toString(), command)).split("\\s+"))
        .contains("-Xmx" + mebibytes + "m")
        .endsWith(command);
  }

  @Test
  void theyNeedNoJdk() throws Exception {
    String executable = Dist.plugins().resolve("bond").toString();
    Shell.Finished finished =
        Shell.attempt(List.of("env", "-i", "CNI_COMMAND=VERSION", executable));
    assertThat(finished.exitCode()).as(finished.output()).isZero();
  }
}
