package dev.podbond.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.json.Json;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.value.AttachmentKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real agent with a state directory in which others have left files.
final class AgentStartTest {
  private static final String CONFIG =
      """
      {"cniVersion": "1.0.0", "name": "net", "type": "bond", "mode": "active-backup",
       "links": [{"name": "net1"}, {"name": "net2"}], "ipam": {"type": "pool"}}
      """;

  /// Shell commands that damage a state directory, each with the name that the log must contain.
  private static final List<Map.Entry<String, String>> CORRUPT =
      List.of(
          Map.entry("mkfifo a:net1.json", "a:net1.json"),
          Map.entry("mkdir b:net1.json", "b:net1.json"),
          Map.entry("ln -s /dev/zero c:net1.json", "c:net1.json"),
          Map.entry("truncate -s 8G d:net1.json", "d:net1.json"),
          Map.entry("touch e:net1.json", "e:net1.json"),
          Map.entry("printf '{\"format\": 1}' > f:net1.json", "f:net1.json"),
          Map.entry("printf x > \"$(printf 'g:n\\303\\251\\3771.json')\"", "g:n"),
          Map.entry("mkfifo lock", "lock"),
          Map.entry("touch pending", "pending"),
          Map.entry("mkfifo vf", "vf"),
          Map.entry("mkfifo damaged", "damaged"),
          Map.entry("mkdir -p pending; mkfifo pending/h:net1:bond", "h:net1:bond"),
          Map.entry("mkdir -p pending/i:net1:bond/full", "i:net1:bond"),
          Map.entry("mkdir -p pending; truncate -s 8G pending/j:net1:bond", "j:net1:bond"),
          Map.entry(
              "mkdir -p pending; printf x > \"pending/$(printf 'k:n\\303\\251\\377:bond')\"",
              "k:n"));

  @TempDir Path scratch;
  private DirectoryNode node;

  @BeforeEach
  void makeNode() {
    node = new DirectoryNode(scratch);
  }

  private static Answer query(Path socket) throws IOException {
    return DirectoryNode.ask(socket, Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds")).answer();
  }

  private static Answer call(Path socket, String verb) throws IOException {
    return DirectoryNode.ask(
            socket,
            new Call(
                    "bond",
                    Map.of(
                        "CNI_COMMAND", verb,
                        "CNI_CONTAINERID", "unrelated",
                        "CNI_NETNS", "/run/netns/none",
                        "CNI_IFNAME", "bond0",
                        "CNI_PATH", "/opt/cni/bin"),
                    CONFIG)
                .toFrame())
        .answer();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(10);
    }
  }

  private static void make(Path state, String command) throws Exception {
    Process shell =
        new ProcessBuilder("bash", "-c", "set -e; cd \"$0\"; " + command, state.toString())
            .inheritIO()
            .start();
    assertThat(shell.waitFor()).as(command).isZero();
  }

  private void servesWith(Path state, List<String> named) throws Exception {
    Path socket = state.resolveSibling(state.getFileName() + "-run").resolve("agent.sock");
    node.forgetLog();
    try (Agent _ = node.start(state, socket, DirectoryNode.IPAM)) {
      assertThat(query(socket).exitCode()).isZero();
      assertThat(call(socket, "ADD").stdout()).contains("CNI_NETNS");
      assertThat(call(socket, "DEL").exitCode()).as(node.log()).isZero();
      await(
          "the log names " + named,
          () ->
              named.stream()
                  .allMatch(name -> node.log().contains("warning") && node.log().contains(name)));
    }
    assertThat(node.log()).contains("stopped");
  }

  @Test
  void eachCorruptFileOfTheStateIsNamedAndKeepsNobodyFromBeingServed() throws Exception {
    for (int i = 0; i < CORRUPT.size(); i++) {
      Path state = Files.createDirectory(scratch.resolve("state" + i));
      make(state, CORRUPT.get(i).getKey());
      servesWith(state, List.of(CORRUPT.get(i).getValue()));
    }
  }

  /// All the corrupt files except those that exclude one another.
  @Test
  void allCorruptFilesTogetherKeepNobodyFromBeingServed() throws Exception {
    Path state = Files.createDirectory(scratch.resolve("state"));
    List<Map.Entry<String, String>> together =
        CORRUPT.stream().filter(one -> !one.getKey().equals("touch pending")).toList();
    for (Map.Entry<String, String> one : together) {
      make(state, one.getKey());
    }
    servesWith(state, together.stream().map(Map.Entry::getValue).toList());
  }

  private void leaveVanished(Path state, int pods) throws Exception {
    Files.createDirectories(scratch.resolve("netns"));
    AttachmentStore store = new AttachmentStore(state);
    for (int i = 0; i < pods; i++) {
      store.save(
          Attachment.prepared(
                  new AttachmentKey("gone" + i, "bond0"),
                  "net",
                  "bond",
                  scratch.resolve("netns/gone" + i).toString(),
                  Json.parseObject(CONFIG.getBytes(StandardCharsets.UTF_8)))
              .withInterfaces(
                  Optional.of(new BondNames("bond0", Optional.empty())), Optional.empty())
              .complete(List.of(), List.of()));
    }
  }

  private static long records(Path state) {
    try (Stream<Path> files = Files.list(state)) {
      return files.filter(file -> file.toString().endsWith(".json")).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nobodyWaitsForTheAddressesOfTwoHundredVanishedPods() throws Exception {
    Path state = Files.createDirectory(scratch.resolve("state"));
    leaveVanished(state, 200);
    Path socket = scratch.resolve("run/agent.sock");
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch ipamAnswers = new CountDownLatch(1);
    AtomicInteger released = new AtomicInteger();
    PluginExec ipam =
        (_, _, _) -> {
          begun.countDown();
          try {
            if (!ipamAnswers.await(5, TimeUnit.MINUTES)) {
              throw new CniException(CniErrorCode.INTERNAL, "no pool today");
            }
          } catch (InterruptedException e) {
            throw new CniException(CniErrorCode.INTERNAL, "interrupted", e);
          }
          released.incrementAndGet();
          return "";
        };
    try (Agent _ = node.start(state, socket, ipam)) {
      assertThat(begun.await(2, TimeUnit.MINUTES)).as("several at a time").isTrue();
      assertThat(call(socket, "ADD").stdout()).contains("\"code\": 4");
      assertThat(call(socket, "DEL").exitCode()).isZero();
      assertThat(query(socket).exitCode()).isZero();
      assertThat(released).hasValue(0);
      ipamAnswers.countDown();
      await("all addresses are released", () -> records(state) == 0);
    }
    assertThat(released).hasValue(200);
  }
}
