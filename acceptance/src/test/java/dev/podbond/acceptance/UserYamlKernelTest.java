package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The YAML of our user's document through the real `podbond` command and, by it, the real plugins.
@Tag("kernel")
class UserYamlKernelTest {
  private static final List<String> PFS = List.of("pf0", "pf1");
  private static final Path OKD = Dist.example("okd");
  private static final Path STORE = Path.of("/var/lib/cni/networks/bond-net1");
  private static final String POD = "demo/bondpod1";

  @TempDir Path scratch;

  /// host-local remembers where it stopped, and would go on from there.
  @BeforeEach
  void startFresh() throws Exception {
    Shell.run(List.of("rm", "-rf", STORE.toString()));
    for (String pf : PFS) {
      Iproute2.ofHost().run("link set " + pf + " up");
      Eventually.is(pf + " has a carrier", () -> Iproute2.ofHost().link(pf).hasCarrier());
    }
  }

  @AfterEach
  void leaveNothing() throws IOException {
    attempt("delete", "-f", OKD.toString());
    for (String pf : PFS) {
      assertThat(numVfs(pf)).isEqualTo("0");
      Iproute2.ofHost().run("link set " + pf + " down");
    }
  }

  private Shell.Finished attempt(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    // Before the words of exec, which end the options.
    all.add(1, "--state-dir=" + scratch.resolve("objects"));
    all.add(2, "--cni-path=" + Dist.plugins() + ":/usr/lib/cni");
    return Dist.podbond(all);
  }

  private String podbond(String... arguments) throws IOException {
    Shell.Finished finished = attempt(arguments);
    assertThat(finished.exitCode()).as(finished.output()).isZero();
    return finished.output();
  }

  private static String numVfs(String pf) throws IOException {
    return Files.readString(Path.of("/sys/class/net", pf, "device/sriov_numvfs")).strip();
  }

  private static List<List<String>> identities() throws Exception {
    List<List<String>> identities = new ArrayList<>();
    for (String pf : PFS) {
      for (int index = 0; index < 2; index++) {
        Vf vf = VfTest.vf(pf, index);
        Eventually.is(vf + " is on the host", () -> vf.isHome());
        identities.add(vf.identity());
      }
    }
    return identities;
  }

  private static List<String> reservations() throws IOException {
    try (Stream<Path> files = Files.list(STORE)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("10."))
          .toList();
    }
  }

  @Test
  void theDocumentComesTrueAndIsTakenBack() throws Exception {
    assertThat(podbond("apply", "-f", OKD.resolve("10-policies.yaml").toString()))
        .contains("policy-pf0 created", "policy-pf1 created");
    assertThat(PFS).allSatisfy(pf -> assertThat(numVfs(pf)).isEqualTo("2"));
    List<List<String>> before = identities();

    assertThat(podbond("apply", "-f", OKD.toString()))
        .contains("Pod demo/bondpod1 created: net1 (VF ", "net2 (VF ", "policy-pf0 unchanged");
    assertThat(reservations()).containsExactly("10.56.217.2");
    Iproute2 pod = Iproute2.of("demo_bondpod1");
    assertThat(pod.link("net1").master()).isEqualTo("bond0");
    assertThat(pod.link("net2").master()).isEqualTo("bond0");
    assertThat(pod.addresses("bond0")).containsExactly("10.56.217.2/24");
    assertThat(pod.link("net1").pci()).isEqualTo(VfTest.vf("pf0", 0).pci());
    assertThat(pod.link("net2").pci()).isEqualTo(VfTest.vf("pf1", 0).pci());
    assertThat(podbond("exec", POD, "--", "cat", "/proc/net/bonding/bond0"))
        .contains("(active-backup) (fail_over_mac active)", "MII Polling Interval (ms): 100");
    assertThat(podbond("get", "bonds")).contains(POD, "bond0", "active-backup", "10.56.217.2/24");
    assertThat(podbond("get", "vfs")).contains(VfTest.vf("pf0", 0).pci(), POD);

    assertThat(podbond("apply", "-f", OKD.toString()).lines())
        .hasSize(7)
        .allMatch(line -> line.contains(" unchanged"));

    podbond("delete", "-f", OKD.resolve("50-pod.yaml").toString());
    assertThat(Path.of("/run/netns/demo_bondpod1")).doesNotExist();
    assertThat(identities()).isEqualTo(before);
    assertThat(reservations()).isEmpty();
    podbond("delete", "-f", OKD.toString());
    assertThat(PFS).allSatisfy(pf -> assertThat(numVfs(pf)).isEqualTo("0"));
  }

  @Test
  void execEndsAsItsCommandDoes() throws Exception {
    podbond("apply", "-f", OKD.toString());
    assertThat(attempt("exec", POD, "--", "sh", "-c", "exit 7").exitCode()).isEqualTo(7);
    assertThat(podbond("check", POD)).contains("net1", "as it was made");
    Iproute2.of("demo_bondpod1").run("link set net1 down");
    Shell.Finished check = attempt("check", POD);
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.output()).contains("net1", "should be up");
  }

  @Test
  void anObjectThatFailsNamesItsFileAndLineAndLeavesTheVfsAlone() throws Exception {
    podbond("apply", "-f", OKD.resolve("00-namespace.yaml").toString());
    for (String file : List.of("10-policies.yaml", "20-networks.yaml")) {
      podbond("apply", "-f", OKD.resolve(file).toString());
    }
    List<List<String>> before = identities();
    Path bond = scratch.resolve("bond.yaml");
    Files.writeString(
        bond,
        Files.readString(OKD.resolve("40-bond.yaml"))
            .replace("\"active-backup\"", "\"active-standby\""));
    Shell.Finished refused =
        attempt("apply", "-f", bond.toString(), "-f", OKD.resolve("50-pod.yaml").toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains(".yaml:", "active-standby", "active-backup");
    assertThat(identities()).isEqualTo(before);
    assertThat(Path.of("/run/netns/demo_bondpod1")).doesNotExist();
  }
}
