package dev.podbond.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `podbond follow`, as the DaemonSet runs it on the nodes of a cluster without the SR-IOV Network
/// Operator: the VFs of this machine are what a file says that changes under it.
@Tag("kernel")
class FollowKernelTest {
  @TempDir Path scratch;
  private Process follower;

  @BeforeEach
  void start() throws IOException {
    write("");
    follower =
        new ProcessBuilder(
                Dist.root().resolve("podbond/bin/podbond").toString(),
                "follow",
                "--filename=" + file(),
                "--node=this",
                "--state-dir=" + scratch.resolve("state"))
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("log").toFile())
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    follower.destroyForcibly().waitFor();
    for (String pf : new String[] {"pf0", "pf1"}) {
      Files.writeString(numVfs(pf), "0");
      Iproute2.ofHost().run("link set " + pf + " down");
    }
  }

  @Test
  void makesWhatIsWantedOfThisNode() throws Exception {
    write(policy("pf0", 2, "this,other"), policy("pf1", 3, "other"));
    await("pf0", "2");

    write(policy("pf0", 2, "this,other"), policy("pf1", 3, "other,this"));
    await("pf1", "3");
    await("pf0", "2");

    write(policy("pf1", 3, "this"));
    await("pf0", "0");
    await("pf1", "3");
  }

  private void await(String pf, String vfs) throws Exception {
    try {
      Eventually.is(
          pf + " has " + vfs + " VFs", () -> Files.readString(numVfs(pf)).strip().equals(vfs));
    } catch (AssertionError e) {
      throw new AssertionError(Files.readString(scratch.resolve("log")), e);
    }
  }

  /// As kubelet does: another file takes the name.
  private void write(String... policies) throws IOException {
    Path next = scratch.resolve("next");
    Files.writeString(
        next,
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": ["
            + String.join(",", policies)
            + "]}");
    Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path file() {
    return scratch.resolve("policies.json");
  }

  private static String policy(String pf, int vfs, String nodes) {
    return """
    {"apiVersion": "sriovnetwork.openshift.io/v1", "kind": "SriovNetworkNodePolicy",
     "metadata": {"name": "policy-%s", "namespace": "sriov", "annotations": {"podbond.dev/nodes": "%s"}},
     "spec": {"resourceName": "sriov_%s", "nodeSelector": {}, "numVfs": %d, "nicSelector": {"pfNames": ["%s"]}}}
    """
        .formatted(pf, nodes, pf, vfs, pf);
  }

  private static Path numVfs(String pf) {
    return Path.of("/sys/class/net", pf, "device/sriov_numvfs");
  }
}
