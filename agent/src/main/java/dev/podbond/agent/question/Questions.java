package dev.podbond.agent.question;

import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.RareWarning;
import dev.podbond.agent.watch.NodeWatch;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.metrics.BondReading;
import dev.podbond.metrics.Detail;
import dev.podbond.metrics.Exposition;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.metrics.NodeMetrics;
import dev.podbond.metrics.NodeReading;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Knows the answers to the questions of docs/shim-protocol.md. None of them waits for work under
/// way or looks at a pod.
public final class Questions {
  /// Enough for about a thousand bonds. More could not be answered with the agent's heap.
  private static final int MOST_METRICS_BYTES = 2 * 1024 * 1024;

  private static final String KNOWN =
      "\"bonds\", \"metrics\", \"metrics bond\", \"metrics member\" and \"alive\"";

  private final NodeWatch watch;
  private final PendingDeletions pending;
  private final NodeCounters counters;
  private final RareWarning problems;

  /// Written under its own lock, and kept: an answer costs a copy of its bytes.
  private final Exposition exposition = new Exposition(MOST_METRICS_BYTES);

  /// Answers from what these know.
  public Questions(NodeWatch watch, PendingDeletions pending, NodeCounters counters, AgentLog log) {
    this.watch = watch;
    this.pending = pending;
    this.counters = counters;
    this.problems = new RareWarning(log);
  }

  /// The answer to the question about a subject; an ANSWER with exit code 1 if there is none.
  public Frame answer(String subject) {
    return switch (subject) {
      case "bonds" -> new Answer(0, watch.bonds().toPrettyString() + "\n", "").toFrame();
      case "metrics", "metrics member" -> frame(metrics(Detail.MEMBER));
      case "metrics bond" -> frame(metrics(Detail.BOND));
      // Kubelet's question; no work under way delays its answer.
      case "alive" -> new Answer(0, "{}\n", "").toFrame();
      default ->
          new Answer(1, "", "this agent cannot answer \"" + subject + "\", only " + KNOWN + "\n")
              .toFrame();
    };
  }

  /// The metrics of a level in Prometheus' text format.
  public byte[] metrics(Detail detail) {
    List<BondReading> bonds = watch.readings();
    NodeReading node =
        new NodeReading(bonds, watch.pfs(bonds), counters, waiting(), OwnProcess.read());
    return written(detail, node);
  }

  private static Frame frame(byte[] text) {
    return Frame.of(FrameKind.ANSWER)
        .withU8(Tag.EXIT, 0)
        .with(Tag.STDOUT, text)
        .with(Tag.STDERR, "");
  }

  private byte[] written(Detail detail, NodeReading node) {
    synchronized (exposition) {
      NodeMetrics.write(exposition, detail, node);
      ByteBuffer text = exposition.bytes();
      byte[] bytes = new byte[text.remaining()];
      text.get(bytes);
      return bytes;
    }
  }

  private NodeReading.PendingReading waiting() {
    try {
      return pending.waiting();
    } catch (IOException e) {
      problems.warn("the pending deletions cannot be counted: " + IoReason.withFile(e));
      return NodeReading.PendingReading.NONE;
    }
  }
}
