package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.plugin.PluginOutcome;
import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.plugins.AttachmentPlugin;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Serves one call with the plugins' own code: what a one-shot process would do, without its start.
public final class CallServer {
  private final NodeEnvironment node;
  private final AgentLog log;

  public CallServer(NodeEnvironment node, AgentLog log) {
    this.node = node;
    this.log = log;
  }

  /// Serves a call.
  ///
  /// @param ipam runs its IPAM plugins
  public Answer serve(Call call, PluginExec ipam) {
    long start = System.nanoTime();
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    PluginOutcome outcome =
        AttachmentPlugin.calledAs(
                call.plugin(),
                node.forCall(ipam, new PrintStream(warnings, true, StandardCharsets.UTF_8)))
            .serve(call.env(), call.configuration());
    Answer answer =
        new Answer(
            outcome.exitCode(),
            outcome.stdout(),
            warnings.toString(StandardCharsets.UTF_8) + outcome.stderr());
    log.served(call, answer, System.nanoTime() - start);
    return answer;
  }

  /// An answer that says no without having tried.
  public static Answer refusal(CniErrorCode code, String message) {
    return new Answer(1, new CniError(code, message).toJson().toPrettyString(), "");
  }
}
