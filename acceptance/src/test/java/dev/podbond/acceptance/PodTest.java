package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.netlink.thread.ThreadNetns;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// A test with a fresh pod on a node without attachments.
@Tag("kernel")
abstract class PodTest {
  Node node;
  Pod pod;

  @BeforeEach
  final void startFresh(@TempDir Path scratch) throws Exception {
    node = new Node(scratch);
    pod = Pod.create();
  }

  /// Whatever a test does in pods, no thread of this process may stay in one.
  @AfterEach
  final void leaveAsFound() throws Exception {
    pod.close();
    assertThat(ThreadNetns.strays()).isEmpty();
  }

  /// The bond `bond0` of this pod.
  final PluginCall bond(String members) {
    return node.bond(pod, "bond0", Network.bond(members));
  }
}
