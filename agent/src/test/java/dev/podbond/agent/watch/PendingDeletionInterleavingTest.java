package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.DirectoryNode;
import dev.podbond.agent.interleaving.Interleavings;
import dev.podbond.agent.interleaving.Scenario;
import dev.podbond.agent.pending.CallsInTurn;
import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.node.state.StateFiles;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class PendingDeletionInterleavingTest {
  /// Does not wait for the medium.
  private static final class Disk implements StateFiles {
    @Override
    public void replace(Path file, String text) throws IOException {
      Files.writeString(file, text);
    }

    @Override
    public boolean create(Path file, String text) throws IOException {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
      return true;
    }

    @Override
    public boolean delete(Path file) throws IOException {
      return Files.deleteIfExists(file);
    }

    @Override
    public void setAside(Path file, Path aside) throws IOException {
      Files.move(file, aside);
    }
  }

  /// A deletion waits; an ADD of the same attachment comes while the agent is about to carry it
  /// out.
  static final class WithAnAdd implements Scenario {
    private static final CallsInTurn.Listener UNTOLD =
        new CallsInTurn.Listener() {
          @Override
          public void begins(Call call) {}

          @Override
          public void ended(Call call, boolean succeeded) {}
        };

    private final List<String> served = new CopyOnWriteArrayList<>();
    private final Path state = Files.createTempDirectory("meeting");
    private final Path file;
    private final CallsInTurn calls;
    private final Repairs repairs;

    WithAnAdd() throws IOException {
      DirectoryNode directory = new DirectoryNode(state);
      AgentLog log = directory.agentLog();
      NodeEnvironment node = directory.environment(state, DirectoryNode.IPAM);
      ContainerOrder order = new ContainerOrder();
      PendingDeletions pending = new PendingDeletions(state, new Disk());
      Files.createDirectory(pending.directory());
      file = pending.directory().resolve("c:net1:bond");
      Files.write(file, call("DEL").toFrame().toBytes());
      calls = new CallsInTurn(order, pending, (call, _) -> serve(call), UNTOLD, log);
      repairs =
          new Repairs(node, order, pending, this::serve, (_, _) -> 0, new NodeCounters(), log);
    }

    private static Call call(String verb) {
      return new Call(
          "bond", Map.of("CNI_COMMAND", verb, "CNI_CONTAINERID", "c", "CNI_IFNAME", "net1"), "{}");
    }

    private Answer serve(Call call) {
      served.add(call.verb());
      return new Answer(0, "", "");
    }

    @Override
    public List<Runnable> threads() {
      return List.of(() -> calls.serve(call("ADD"), (_, _, _) -> ""), () -> repairs.carryOut(file));
    }

    @Override
    public void check() throws IOException {
      assertThat(served).containsExactly("DEL", "ADD");
      assertThat(file).doesNotExist();
      Files.delete(file.getParent());
      Files.delete(state);
    }
  }

  @Test
  void howeverTheyMeetTheDeletionIsDoneOnceAndNeverAfterTheAdd() throws Exception {
    Interleavings.explore(
        WithAnAdd.class,
        PendingDeletions.class,
        CallsInTurn.class,
        Repairs.class,
        ContainerOrder.class);
  }
}
