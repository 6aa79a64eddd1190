package dev.podbond.agent.pending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.CallHandler;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.node.state.StateFiles;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a listener is told of a call: before anything is done for it, and how it ended.
final class CallsInTurnTest {
  private static final Call DELETION =
      new Call(
          "bond", Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "a", "CNI_IFNAME", "net1"), "{}");

  @TempDir Path state;
  private final List<String> told = new ArrayList<>();

  private CallsInTurn calls(CallHandler handler) {
    return new CallsInTurn(
        new ContainerOrder(),
        new PendingDeletions(state, StateFiles.DURABLE),
        handler,
        new CallsInTurn.Listener() {
          @Override
          public void begins(Call call) {
            told.add(call.verb() + " begins");
          }

          @Override
          public void ended(Call call, boolean succeeded) {
            told.add(call.verb() + (succeeded ? " succeeded" : " failed"));
          }
        },
        new AgentLog(new PrintStream(OutputStream.nullOutputStream())));
  }

  private CallHandler answering(int exitCode) {
    return (_, _) -> {
      told.add("served");
      return new Answer(exitCode, "", "");
    };
  }

  @Test
  void aCallIsToldBeforeItIsServedAndWhenItHasSucceeded() {
    calls(answering(0)).serve(DELETION, (_, _, _) -> "");
    assertThat(told).containsExactly("DEL begins", "served", "DEL succeeded");
  }

  @Test
  void aFailureIsToldAsSuch() {
    calls(answering(1)).serve(DELETION, (_, _, _) -> "");
    assertThat(told).containsExactly("DEL begins", "served", "DEL failed");
  }

  @Test
  void aDefectIsToldAsAFailure() {
    CallsInTurn defective =
        calls((_, _) -> {
          throw new IllegalStateException("a defect");
        });
    assertThatThrownBy(() -> defective.serve(DELETION, (_, _, _) -> "")).hasMessage("a defect");
    assertThat(told).containsExactly("DEL begins", "DEL failed");
  }
}
