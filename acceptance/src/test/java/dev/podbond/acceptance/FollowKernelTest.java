package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.json.JsonObject;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockName;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.state.VfClaims;
import dev.podbond.node.wait.Pace;
import dev.podbond.node.wait.Polling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
    follower = follow(List.of());
  }

  private Process follow(List<String> launcher) throws IOException {
    List<String> line = new ArrayList<>(launcher);
    line.addAll(
        List.of(
            Dist.root().resolve("podbond/bin/podbond").toString(),
            "follow",
            "--filename=" + file(),
            "--node=this",
            "--state-dir=" + scratch.resolve("state")));
    return new ProcessBuilder(line)
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

  /// A VF between its claim and its way into the pod, as a container meets it that sees no
  /// namespaces of pods: nobody can know that the pod is gone.
  @Test
  void aVfThatIsClaimedByAPodOutOfSightIsNotMadeAnew() throws Exception {
    write(policy("pf0", 2, "this"));
    await("pf0", "2");
    follower.destroyForcibly().waitFor();
    AttachmentKey key = new AttachmentKey("unseen", "net1");
    AttachmentStore records = new AttachmentStore(AttachmentStore.DEFAULT_DIRECTORY);
    claim(key, records);
    follower =
        follow(
            List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs none /run && exec \"$@\"", "-"));

    write(policy("pf0", 3, "this"));

    Eventually.is(
        "the policy waits",
        () -> Files.readString(scratch.resolve("log")).contains("somebody else has"));
    assertThat(Files.readString(numVfs("pf0")).strip()).isEqualTo("2");
    records.remove(key);
    write(policy("pf0", 3, "this"), policy("pf1", 3, "other"));
    await("pf0", "3");
    Files.delete(
        AttachmentStore.DEFAULT_DIRECTORY.resolve("vf").resolve(VfTest.vf("pf0", 0).pci()));
  }

  private static void claim(AttachmentKey key, AttachmentStore records) throws Exception {
    PciAddress pci = PciAddress.parse(VfTest.vf("pf0", 0).pci()).orElseThrow();
    String netns = "/run/netns/unseen";
    NetnsId id = new NetnsId(NetnsIds.bootId(), OptionalLong.empty());
    try (NodeLocks locks =
            NodeLocks.open(AttachmentStore.DEFAULT_DIRECTORY, new Polling(Pace.SYSTEM));
        HeldLock lock = locks.acquire(new LockName.OfPci(pci), Duration.ZERO)) {
      new VfClaims(AttachmentStore.DEFAULT_DIRECTORY, VfClaims.SRIOV_CNI_ALLOCATIONS, _ -> true)
          .claim(lock, pci, new ClaimOwner(key.containerId(), key.ifname(), netns, id));
    }
    records.save(
        new Attachment(
            key,
            "net",
            "sriov",
            netns,
            JsonObject.of(),
            Phase.COMPLETE,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Origin.UNKNOWN));
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
