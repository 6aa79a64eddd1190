package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.JsonObject;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockName;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.state.VfClaims;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `podbond follow`, as the DaemonSet runs it on the nodes of a cluster without the SR-IOV Network
/// Operator: it makes this machine's VFs follow a file that changes.
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

  /// A VF between its claim and its move into the pod, seen from a container that sees no pod
  /// namespaces: it cannot know whether the pod is gone.
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

    awaitLog("somebody else has");
    assertThat(Files.readString(numVfs("pf0")).strip()).isEqualTo("2");
    records.remove(key);
    write(policy("pf0", 3, "this"), policy("pf1", 3, "other"));
    await("pf0", "3");
    Files.delete(
        AttachmentStore.DEFAULT_DIRECTORY.resolve("vf").resolve(VfTest.vf("pf0", 0).pci()));
  }

  /// Nobody touches VFs outside of a policy. If somebody else makes the VFs, no policy recreates
  /// them or touches the PF.
  @Test
  void ofAPfWhoseVfsSomebodyElseMakesOnlyThoseOfThePolicyAreSetUp() throws Exception {
    Iproute2 host = Iproute2.ofHost();
    Files.writeString(numVfs("pf0"), "4");
    Vf theirs = VfTest.vf("pf0", 0);
    Vf offered = VfTest.vf("pf0", 2);
    Eventually.is(
        "the VFs have interfaces",
        () -> theirs.isHome() && offered.isHome() && VfTest.vf("pf0", 3).isHome());
    theirs.set("mac 02:aa:00:00:00:01");
    host.run("address add 192.0.2.9/24 dev " + theirs.link().name());
    String external = policy("pf0", "pf0#2-3", "'numVfs': 4, 'externallyManaged': true");

    write(external);
    awaitLog("VFs 2-3 of pf0 as");
    assertThat(offered.pfSide("address")).isEqualTo(offered.link().mac());
    assertThat(theirs.pfSide("address")).isEqualTo("02:aa:00:00:00:01");

    write(external, policy("ours", "pf0#4-4", "'numVfs': 5"));
    awaitLog("it is not externallyManaged, and ");
    write(policy("pf0", "pf0#2-3", "'numVfs': 4, 'externallyManaged': true, 'mtu': 9000"));
    awaitLog("it is externallyManaged and wants the MTU 9000");
    assertThat(Files.readString(numVfs("pf0")).strip()).isEqualTo("4");
    assertThat(host.addresses(theirs.link().name())).containsExactly("192.0.2.9/24");
    assertThat(theirs.pfSide("address")).isEqualTo("02:aa:00:00:00:01");
    assertThat(host.link("pf0").mtu()).isEqualTo(1500);
  }

  private void awaitLog(String words) throws Exception {
    Path log = scratch.resolve("log");
    try {
      Eventually.is(words, () -> Files.readString(log).contains(words));
    } catch (AssertionError e) {
      throw new AssertionError(Files.readString(log), e);
    }
  }

  private static void claim(AttachmentKey key, AttachmentStore records) throws Exception {
    PciAddress pci = PciAddress.parse(VfTest.vf("pf0", 0).pci()).orElseThrow();
    String netns = "/run/netns/unseen";
    NetnsId id = new NetnsId(NetnsIds.bootId(), OptionalLong.empty());
    try (NodeLocks locks =
            NodeLocks.open(AttachmentStore.DEFAULT_DIRECTORY, new Polling(WaitClock.SYSTEM));
        HeldLock lock = locks.acquire(new LockName.OfPci(pci), Duration.ZERO)) {
      new VfClaims(AttachmentStore.DEFAULT_DIRECTORY, VfClaims.SRIOV_CNI_ALLOCATIONS, _ -> true)
          .claim(lock, pci, new ClaimOwner(key.containerId(), key.ifname(), netns, id));
    }
    records.save(
        Attachment.prepared(key, "net", "sriov", netns, JsonObject.of())
            .complete(List.of(), List.of()));
  }

  private void await(String pf, String vfs) throws Exception {
    try {
      Eventually.is(
          pf + " has " + vfs + " VFs", () -> Files.readString(numVfs(pf)).strip().equals(vfs));
    } catch (AssertionError e) {
      throw new AssertionError(Files.readString(scratch.resolve("log")), e);
    }
  }

  /// Like kubelet: another file takes the name.
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
    return policy(pf, nodes, pf, "'numVfs': " + vfs);
  }

  /// One for this node.
  ///
  /// @param spec further members
  private static String policy(String name, String pf, String spec) {
    return policy(name, "this", pf, spec);
  }

  private static String policy(String name, String nodes, String pf, String spec) {
    return """
    {"apiVersion": "sriovnetwork.openshift.io/v1", "kind": "SriovNetworkNodePolicy",
     "metadata": {"name": "policy-%s", "namespace": "sriov", "annotations": {"podbond.dev/nodes": "%s"}},
     "spec": {"resourceName": "sriov_%s", "nodeSelector": {}, "nicSelector": {"pfNames": ["%s"]}, %s}}
    """
        .formatted(name, nodes, name, pf, spec.replace('\'', '"'));
  }

  private static Path numVfs(String pf) {
    return Path.of("/sys/class/net", pf, "device/sriov_numvfs");
  }
}
