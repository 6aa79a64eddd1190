package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.json.Json;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.plugins.PluginNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeWatchTest {
  @TempDir Path scratch;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(logged, true, StandardCharsets.UTF_8);
  private final AgentLog log = new AgentLog(stream);
  private final ContainerOrder order = new ContainerOrder();

  /// As where the kernel had no descriptor to give at the moment when the pod came.
  @Test
  void aPodThatCouldNotBeWatchedWhenItCameIsTriedAgainByEachSweep() throws Exception {
    Path state = Files.createDirectory(scratch.resolve("state"));
    Path netns = Files.createFile(scratch.resolve("netns"));
    leaveRecord(state, netns);
    CountDownLatch tries = new CountDownLatch(3);
    NodeWatch.Opening failing =
        path -> {
          if (path.equals(netns)) {
            tries.countDown();
          }
          return Netns.of(scratch.resolve("none"));
        };

    // A call of the container is under way for as long as this takes, so nobody looks after it.
    try (ContainerOrder.Held _ = order.enter("container");
        NodeWatch watch =
            NodeWatch.open(
                caretaker(state), state.resolve("pending"), log, Duration.ofMillis(100), failing)) {
      watch.start();

      assertThat(tries.await(2, TimeUnit.MINUTES))
          .as(() -> logged.toString(StandardCharsets.UTF_8))
          .isTrue();
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("the pod of " + netns + " cannot be watched");
  }

  private Caretaker caretaker(Path state) {
    PluginNode node =
        new PluginNode(
            state,
            scratch.resolve("sys"),
            scratch.resolve("node.json"),
            scratch.resolve("sriov-cni"),
            (_, _, _) -> "",
            stream);
    return new Caretaker(
        node,
        order,
        new PendingDeletions(state, node.files()),
        _ -> {
          throw new AssertionError("no deletion waits");
        },
        log);
  }

  private static void leaveRecord(Path state, Path netns) throws Exception {
    new AttachmentStore(state)
        .save(
            new Attachment(
                    new AttachmentKey("container", "net1"),
                    "net",
                    "sriov",
                    netns.toString(),
                    Json.parseObject(
                        "{\"cniVersion\": \"1.0.0\", \"name\": \"net\", \"type\": \"sriov\"}"),
                    Phase.PREPARED,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Origin.UNKNOWN)
                .complete(List.of(), List.of()));
  }
}
