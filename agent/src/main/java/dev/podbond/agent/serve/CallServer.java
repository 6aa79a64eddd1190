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

/// Serves a call with the plugins' own code, as a one-shot process would, but without starting a
/// process.
public final class CallServer {
  private final NodeEnvironment node;
  private final AgentLog log;

  public CallServer(NodeEnvironment node, AgentLog log) {
    this.node = node;
    this.log = log;
  }

  /// Serves a call.
  ///
  /// @param ipam runs the call's IPAM plugins
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

  /// An answer that refuses a call before anything was tried.
  public static Answer refusal(CniErrorCode code, String message) {
    return new Answer(1, new CniError(code, message).toJson().toPrettyString(), "");
  }
}
