package dev.podbond.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.json.JsonObject;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.StateFiles;
import dev.podbond.value.AttachmentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real agent ends while members of bonds are demoted. Their bonds are gone, so that all there is
/// to take back is what is written down.
@Timeout(300)
final class AgentEndTest {
  private static final AttachmentKey IDLE = new AttachmentKey("idle", "net1");

  /// At one of them somebody may be at work all the same: the agent looks after all attachments.
  private static final List<AttachmentKey> IDLE_ONES =
      IntStream.range(0, 8).mapToObj(i -> new AttachmentKey("idle" + i, "net1")).toList();

  private static final AttachmentKey BUSY = new AttachmentKey("busy", "net1");
  private static final String LEFT =
      "some members of bonds stay demoted, or some VFs without a link";

  @TempDir Path scratch;
  private DirectoryNode node;
  private Path state;
  private Path socket;
  private Netns pod;

  @BeforeEach
  void makePod() throws Exception {
    node = new DirectoryNode(scratch);
    state = Files.createDirectory(scratch.resolve("state"));
    socket = scratch.resolve("run/agent.sock");
    pod = Netns.create();
  }

  @AfterEach
  void endPod() {
    pod.close();
  }

  private Agent start() throws Exception {
    return node.start(state, socket, DirectoryNode.IPAM);
  }

  private void attach(AttachmentKey key, Path netns) throws StateException {
    new AttachmentStore(state)
        .save(
            Attachment.prepared(key, "net", "bond", netns.toString(), JsonObject.of())
                .withInterfaces(
                    Optional.of(new BondNames("bond0", Optional.empty())), Optional.empty())
                .from(new Origin("", "", NetnsIds.bootId()))
                .complete(List.of(), List.of()));
  }

  private DemotionStore demotions() {
    return new DemotionStore(state, StateFiles.DURABLE);
  }

  private void demote(AttachmentKey key) throws StateException {
    demotions().save(SomeDemotion.of(key));
  }

  private boolean isDemoted(AttachmentKey key) throws StateException {
    return demotions().load(key) instanceof DemotionStore.Found.Demoted;
  }

  private void awaitRestored(AttachmentKey key) throws Exception {
    awaitOneRestored(List.of(key));
  }

  private void awaitOneRestored(List<AttachmentKey> keys) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (areDemoted(keys)) {
      assertThat(System.nanoTime()).as(node::log).isLessThan(end);
      Thread.sleep(10);
    }
  }

  private boolean areDemoted(List<AttachmentKey> keys) throws StateException {
    for (AttachmentKey key : keys) {
      if (!isDemoted(key)) {
        return false;
      }
    }
    return true;
  }

  /// Waits for its IPAM plugin until the shim has run that.
  private static Call deletion(String container) {
    return new Call(
        "bond",
        Map.of(
            "CNI_COMMAND", "DEL",
            "CNI_CONTAINERID", container,
            "CNI_IFNAME", "net9",
            "CNI_PATH", "/opt/cni/bin"),
        """
        {"cniVersion": "1.0.0", "name": "net", "type": "bond", "mode": "active-backup",
         "links": [{"name": "net1"}, {"name": "net2"}], "ipam": {"type": "pool"}}
        """);
  }

  private static void end(Agent agent) {
    try {
      agent.close();
    } catch (IOException | StateException e) {
      throw new AssertionError(e);
    }
  }

  /// Calls may take longer than whoever ends the agent waits.
  @Test
  void whoIsDemotedComesBackBeforeTheCallsUnderWayHaveEndedAndWhomTheyKeepBusyAfterThem()
      throws Exception {
    for (AttachmentKey key : IDLE_ONES) {
      attach(key, pod.path());
    }
    attach(IDLE, pod.path());
    attach(BUSY, pod.path());
    demote(IDLE);
    Agent agent = start();
    awaitRestored(IDLE);
    try (FrameChannel shim = DirectoryNode.connect(socket)) {
      shim.send(deletion("busy").toFrame());
      assertThat(shim.receive().frame().knownKind()).contains(FrameKind.RUN);
      for (AttachmentKey key : IDLE_ONES) {
        demote(key);
      }
      demote(BUSY);
      Thread end = Thread.ofPlatform().start(() -> end(agent));
      awaitOneRestored(IDLE_ONES);
      assertThat(isDemoted(BUSY)).isTrue();
      assertThat(node.log()).doesNotContain("stopped");

      shim.send(DirectoryNode.ran());
      assertThat(Answer.of(shim.receive().frame()).exitCode()).as(node::log).isZero();
      end.join();
    }
    assertThat(isDemoted(BUSY)).isFalse();
    for (AttachmentKey key : IDLE_ONES) {
      assertThat(isDemoted(key)).as("%s", key).isFalse();
    }
    assertThat(node.log()).contains("stopped").doesNotContain(LEFT);
  }

  @Test
  void whatCannotBeTakenBackIsSaidAndLeftToTheNextAgent() throws Exception {
    attach(IDLE, scratch.resolve("not/mounted"));
    demote(IDLE);
    try (Agent _ = start()) {
      assertThat(isDemoted(IDLE)).isTrue();
    }
    assertThat(node.log()).contains(LEFT + ": the next agent restores them", "stopped");
    assertThat(isDemoted(IDLE)).isTrue();

    attach(IDLE, pod.path());
    node.forgetLog();
    try (Agent _ = start()) {
      awaitRestored(IDLE);
    }
    assertThat(node.log()).contains("stopped").doesNotContain(LEFT);
  }
}
