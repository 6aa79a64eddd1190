package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.plugin.PluginOutcome;
import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.LenientObject;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.plugins.AttachmentPlugin;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Serves a call with the plugins' own code, as a one-shot process would, but without starting a
/// process.
public final class CallServer {
  private final NodeEnvironment node;
  private final NodeCounters counters;
  private final AgentLog log;

  /// Serves calls on a node.
  ///
  /// @param counters count them
  public CallServer(NodeEnvironment node, NodeCounters counters, AgentLog log) {
    this.node = node;
    this.counters = counters;
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
    long nanos = System.nanoTime() - start;
    count(call, answer, Duration.ofNanos(nanos));
    log.served(call, answer, nanos);
    return answer;
  }

  private void count(Call call, Answer answer, Duration took) {
    if (answer.exitCode() == 0) {
      counters.succeeded(call.verb(), took);
    } else {
      counters.failed(call.verb(), code(answer.stdout()), took);
    }
  }

  private static int code(String error) {
    try {
      return LenientObject.number(Json.parseObject(error), "code")
          .orElse(CniErrorCode.INTERNAL.value());
    } catch (JsonException _) {
      return CniErrorCode.INTERNAL.value();
    }
  }

  /// An answer that refuses a call before anything was tried.
  public static Answer refusal(CniErrorCode code, String message) {
    return new Answer(1, new CniError(code, message).toJson().toPrettyString(), "");
  }
}
