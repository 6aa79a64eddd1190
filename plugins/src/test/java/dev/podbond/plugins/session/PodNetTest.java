package dev.podbond.plugins.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.node.state.StateFiles;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kernels of a call.
final class PodNetTest {
  private static final NodeFacts NOTHING = new NodeFacts(List.of(), Map.of(), Map.of());
  private static final Change CHANGE = new Change.SetMtu(LinkRef.pod("net1"), 9000);

  @TempDir Path scratch;
  private final AtomicInteger tries = new AtomicInteger();

  /// A driver resets its device, and has time for the third try.
  private NodeEnvironment node() {
    return new NodeEnvironment(
            scratch,
            scratch.resolve("sys"),
            scratch.resolve("node.json"),
            scratch.resolve("sriov-cni"),
            (_, _, _) -> "",
            new PrintStream(OutputStream.nullOutputStream()))
        .through(StateFiles.DURABLE, _ -> this::busy, (_, _, _) -> "");
  }

  private void busy(Change change) throws ChangeFailedException {
    if (tries.incrementAndGet() < 3) {
      throw new ChangeFailedException(change, "EBUSY", "in reset");
    }
  }

  @Test
  void aCallWaitsForADriverThatIsBusy() throws Exception {
    try (PodNet net = PodNet.hostOnly(node())) {
      for (Kernel kernel : List.of(net.kernel(), net.kernel(NOTHING))) {
        tries.set(0);
        kernel.apply(CHANGE);
        assertThat(tries).hasValue(3);
      }
    }
  }

  /// A pod may keep its driver busy for as long as it wants, and other bonds wait meanwhile.
  @Test
  void whoTriesAgainHimselfWaitsForNoDriver() throws Exception {
    try (PodNet net = PodNet.hostOnly(node())) {
      Kernel kernel = net.hastyKernel(NOTHING);
      ChangeFailedException failure =
          catchThrowableOfType(ChangeFailedException.class, () -> kernel.apply(CHANGE));
      assertThat(failure.isBusy()).isTrue();
      assertThat(tries).hasValue(1);
    }
  }
}
