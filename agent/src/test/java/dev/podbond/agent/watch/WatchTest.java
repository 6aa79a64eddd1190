package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.DirectoryNode;
import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.agent.serve.News;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.json.Json;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.AttachmentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A watch over pods that are namespaces of this machine, and their records.
abstract class WatchTest {
  @TempDir Path scratch;
  DirectoryNode node;
  AgentLog log;
  final NodeCounters counters = new NodeCounters();
  final News news = new News();
  final ContainerOrder order = new ContainerOrder();
  Path state;

  @BeforeEach
  void makeState() throws IOException {
    node = new DirectoryNode(scratch);
    log = node.agentLog();
    state = Files.createDirectory(scratch.resolve("state"));
  }

  NodeWatch open(Duration sweepInterval, NodeWatch.PodView view) throws Exception {
    return NodeWatch.open(
        repairs(),
        state.resolve("pending"),
        new WorkQueue(log),
        counters,
        news,
        log,
        sweepInterval,
        view);
  }

  private Repairs repairs() {
    NodeEnvironment environment = node.environment(state, DirectoryNode.IPAM);
    return new Repairs(
        environment,
        order,
        new PendingDeletions(state, environment.files()),
        _ -> {
          throw new AssertionError("no deletion waits");
        },
        (_, _) -> 0,
        counters,
        log);
  }

  /// A namespace that lives until it is closed.
  record Namespace(Process process) implements AutoCloseable {
    static Namespace make() throws Exception {
      Process process =
          new ProcessBuilder("unshare", "-n", "sh", "-c", "echo made; exec sleep 600").start();
      assertThat(process.inputReader().readLine()).as("this test is root's").isEqualTo("made");
      return new Namespace(process);
    }

    Path path() {
      return Path.of("/proc/" + process.pid() + "/ns/net");
    }

    /// Something that the kernel tells of.
    void change() throws Exception {
      Process ip =
          new ProcessBuilder("nsenter", "--net=" + path(), "ip", "link", "set", "lo", "up")
              .inheritIO()
              .start();
      assertThat(ip.waitFor()).isZero();
    }

    /// Whether somebody listens to what the kernel tells in it.
    boolean isListenedTo() throws IOException {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/net/netlink")).stream()
          .skip(1)
          .map(line -> line.strip().split("\\s+")[3])
          .anyMatch(groups -> !groups.equals("00000000"));
    }

    void awaitListened(boolean wanted) throws Exception {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (isListenedTo() != wanted) {
        assertThat(System.nanoTime()).as("it is listened to: %s", !wanted).isLessThan(end);
        Thread.sleep(10);
      }
    }

    Origin origin() throws Exception {
      try (Netns netns = Netns.of(path())) {
        return new Origin("", "", NetnsIds.of(netns), "");
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  void leaveBond(String container, Namespace pod) throws Exception {
    leaveBond(container, pod.path(), pod.origin());
  }

  void leaveBond(String container, Path netns, Origin origin) throws Exception {
    leaveRecord(container, netns, origin, Optional.of(new BondNames("bond0", Optional.empty())));
  }

  void leaveRecord(String container, Path netns, Origin origin, Optional<BondNames> bond)
      throws Exception {
    new AttachmentStore(state)
        .save(
            Attachment.prepared(
                    new AttachmentKey(container, "net1"),
                    "net",
                    "sriov",
                    netns.toString(),
                    Json.parseObject(
                        "{\"cniVersion\": \"1.0.0\", \"name\": \"net\", \"type\": \"sriov\"}"))
                .withInterfaces(bond, Optional.empty())
                .from(origin)
                .complete(List.of(), List.of()));
  }
}
