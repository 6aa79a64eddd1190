package dev.podbond.agent.pending;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.CallHandler;
import dev.podbond.agent.serve.CallServer;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.value.IoReason;
import java.io.IOException;

/// Serves calls, each in its container's turn. A deletion that waits goes before whatever is asked
/// for the same attachment now.
public final class CallsInTurn implements CallHandler {
  private final ContainerOrder order;
  private final PendingDeletions pending;
  private final CallHandler calls;
  private final Listener listener;
  private final AgentLog log;

  /// Is told of calls while their turns last.
  public interface Listener {
    /// The call's turn has come.
    void begins(Call call);

    /// The call has its answer.
    void ended(Call call, boolean succeeded);
  }

  /// @param calls serves a call whose turn has come
  public CallsInTurn(
      ContainerOrder order,
      PendingDeletions pending,
      CallHandler calls,
      Listener listener,
      AgentLog log) {
    this.order = order;
    this.pending = pending;
    this.calls = calls;
    this.listener = listener;
    this.log = log;
  }

  @Override
  public Answer serve(Call call, PluginExec ipam) {
    try (ContainerOrder.Held _ = order.enter(call.containerId())) {
      listener.begins(call);
      boolean succeeded = false;
      try {
        Answer answer = serveAfterPending(call, ipam);
        succeeded = answer.exitCode() == 0;
        return answer;
      } finally {
        listener.ended(call, succeeded);
      }
    }
  }

  private Answer serveAfterPending(Call call, PluginExec ipam) {
    if (call.ifname().isEmpty()) {
      return calls.serve(call, ipam);
    }
    try {
      for (PendingDeletions.Pending earlier :
          pending.of(call.containerId(), call.ifname(), log::warn)) {
        Answer answer = pending.carryOut(earlier, before -> calls.serve(before, ipam));
        if (answer.exitCode() != 0) {
          return call.verb().equals("DEL")
              ? answer
              : CallServer.refusal(
                  CniErrorCode.TRY_AGAIN_LATER,
                  "an earlier deletion of this attachment has not ended yet: "
                      + answer.stdout().strip());
        }
      }
    } catch (IOException e) {
      return CallServer.refusal(CniErrorCode.IO_FAILURE, IoReason.withFile(e));
    }
    return calls.serve(call, ipam);
  }
}
