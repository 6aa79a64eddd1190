package dev.podbond.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.HostSight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which way an agent takes to IPAM, for what its shim says of the host.
final class BuiltInIpamTest {
  private static final HostSight.SeenDirectory ELSEWHERE = new HostSight.SeenDirectory("/", 1, 1);

  @TempDir Path scratch;

  private DirectoryNode node;
  private Path networks;
  private Path address;
  private Agent agent;

  @BeforeEach
  void start() throws Exception {
    node = new DirectoryNode(scratch);
    networks = Files.createDirectory(scratch.resolve("networks"));
    address = Files.createDirectory(networks.resolve("net")).resolve("10.1.0.2");
    Files.writeString(address, "pod\r\nnet1");
    agent = node.start(scratch.resolve("state"), socket(), DirectoryNode.IPAM);
  }

  private Path socket() {
    return scratch.resolve("run/agent.sock");
  }

  @AfterEach
  void stop() throws Exception {
    agent.close();
  }

  private HostSight.SeenDirectory seen(Path directory) throws IOException {
    Map<String, Object> numbers = Files.readAttributes(directory, "unix:dev,ino");
    return new HostSight.SeenDirectory(
        directory.toString(), (Long) numbers.get("dev"), (Long) numbers.get("ino"));
  }

  private static HostSight sight(HostSight.SeenDirectory seen) {
    return new HostSight(Set.of("host-local", "static"), Optional.of(seen));
  }

  /// A DEL of an attachment of which nothing is on record.
  ///
  /// @return whether the shim had to execute the plugin
  private boolean isExecuted(HostSight sight) throws IOException {
    String config =
        """
        {"cniVersion": "1.0.0", "name": "net", "type": "bond", "mode": "active-backup",
         "links": [{"name": "a"}, {"name": "b"}], "linksInContainer": true,
         "ipam": {"type": "host-local", "subnet": "10.1.0.0/24", "dataDir": "%s"}}
        """
            .formatted(networks);
    Map<String, String> env =
        Map.of(
            "CNI_COMMAND", "DEL",
            "CNI_CONTAINERID", "pod",
            "CNI_NETNS", "/run/netns/none",
            "CNI_IFNAME", "net1",
            "CNI_PATH", "/opt/cni/bin");
    DirectoryNode.Reply reply =
        DirectoryNode.ask(socket(), new Call("bond", env, config, sight).toFrame());
    assertThat(reply.answer().exitCode()).as(node.log()).isZero();
    assertThat(Files.exists(address)).as(node.log()).isEqualTo(reply.executed());
    return reply.executed();
  }

  @Test
  void isTakenItselfIfTheHostHasThePluginAndTheDirectory() throws Exception {
    assertThat(isExecuted(sight(seen(networks)))).isFalse();
    assertThat(node.log()).contains("IPAM host-local DEL was carried out by Podbond itself");
  }

  @Test
  void isExecutedForAShimThatSaysNothing() throws Exception {
    assertThat(isExecuted(HostSight.NONE)).isTrue();
    assertThat(node.log())
        .contains("IPAM host-local DEL is executed, because it is not known to be in CNI_PATH");
  }

  @Test
  void isExecutedIfTheHostHasNoSuchPlugin() throws Exception {
    assertThat(isExecuted(new HostSight(Set.of("static"), Optional.of(seen(networks))))).isTrue();
  }

  @Test
  void isExecutedIfTheDirectoryIsAnotherOneForTheHost() throws Exception {
    HostSight.SeenDirectory ours = seen(networks);
    for (HostSight.SeenDirectory theirs :
        Set.of(
            new HostSight.SeenDirectory(ours.path(), ours.device(), ours.inode() + 1),
            new HostSight.SeenDirectory(ours.path(), ours.device() + 1, ours.inode()),
            // The host has no directory where we have one.
            seen(scratch),
            ELSEWHERE,
            new HostSight.SeenDirectory("\0", 0, 0))) {
      assertThat(isExecuted(sight(theirs))).as(theirs.toString()).isTrue();
    }
    assertThat(node.log()).contains("is not known to be the host's directory of this name");
  }

  @Test
  void isExecutedWhereTheNodesOwnerSaysSo() throws Exception {
    Files.writeString(scratch.resolve("node.json"), "{\"builtInIpam\": false}");

    assertThat(isExecuted(sight(seen(networks)))).isTrue();
    assertThat(node.log()).contains("because builtInIpam is false in this node's settings");
  }
}
