package dev.podbond.agent.question;

import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.RareWarning;
import dev.podbond.agent.uplink.UplinkWatch;
import dev.podbond.agent.watch.NodeWatch;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.metrics.Detail;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.metrics.NodeMetrics;
import dev.podbond.metrics.NodeReading;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import dev.podbond.value.LinkTraffic;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Knows the answers to the questions of docs/shim-protocol.md. None of them waits for a turn, and
/// only that about traffic looks at pods. PFs are read from the kernel, which makes the reader wait
/// while somebody configures an interface. So they are read once in a second, whoever asks, and
/// sooner only if the kernel has told of a carrier or there are other PFs; and no answer waits long
/// for them.
public final class Questions {
  /// Enough for about a thousand bonds. More could not be answered with the agent's heap.
  private static final int MOST_METRICS_BYTES = 2 * 1024 * 1024;

  private static final int MOST_BONDS_BYTES = 2 * 1024 * 1024;

  /// So long an answer about bonds waits for what it says of PFs: its bonds are known, and matter
  /// more.
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private static final String KNOWN =
      "\"bonds\", \"metrics\", \"metrics bond|member|traffic\" and \"alive\"";

  private final NodeWatch watch;
  private final PendingDeletions pending;
  private final NodeCounters counters;
  private final UplinkWatch uplinks;
  private final Runnable alive;
  private final RareWarning problems;

  private final SharedReading<Shared> shared;
  private final SharedReading<Map<AttachmentKey, Map<String, LinkTraffic>>> traffic;

  /// Written under its own lock, and kept: an answer costs a copy of its bytes.
  private final NodeMetrics text = new NodeMetrics(MOST_METRICS_BYTES);

  /// What is not known before somebody asks.
  private record Shared(
      List<NodeReading.PfReading> pfs, Optional<NodeReading.PendingReading> pending) {
    static final Shared NOTHING = new Shared(List.of(), Optional.empty());
  }

  /// Answers from what these know.
  ///
  /// @param alive runs when somebody asks whether the agent lives, as kubelet does now and then
  public Questions(
      NodeWatch watch,
      PendingDeletions pending,
      NodeCounters counters,
      UplinkWatch uplinks,
      Runnable alive,
      AgentLog log) {
    this.watch = watch;
    this.pending = pending;
    this.counters = counters;
    this.uplinks = uplinks;
    this.alive = alive;
    this.problems = new RareWarning(log);
    this.shared =
        new SharedReading<>(
            this::readShared, this::basis, Shared.NOTHING, SharedReading.Waiting.USUAL);
    this.traffic =
        new SharedReading<>(watch.readings()::traffic, Map.of(), SharedReading.Waiting.USUAL);
  }

  /// The answer to the question about a subject; an ANSWER with exit code 1 if there is none.
  public Frame answer(String subject) {
    return switch (subject) {
      case "bonds" -> bonds(watch::bonds);
      case "metrics", "metrics member" -> frame(metrics(Detail.MEMBER));
      case "metrics bond" -> frame(metrics(Detail.BOND));
      case "metrics traffic" -> frame(metrics(Detail.TRAFFIC));
      // Kubelet's question; no work under way delays its answer.
      case "alive" -> {
        alive.run();
        yield new Answer(0, "{}\n", "").toFrame();
      }
      default ->
          new Answer(1, "", "this agent cannot answer \"" + subject + "\", only " + KNOWN + "\n")
              .toFrame();
    };
  }

  /// As [#answer], for a process that is not trusted: of bonds it is told what fits in 2 MiB.
  public Frame answerStranger(String subject) {
    return subject.equals("bonds") ? bondsThatFit() : answer(subject);
  }

  /// One at a time, since a pod can make its part of the answer long.
  private synchronized Frame bondsThatFit() {
    return bonds(() -> watch.bonds(MOST_BONDS_BYTES));
  }

  /// PFs are asked first: what they are plugged into is part of what a bond survives.
  private Frame bonds(Supplier<JsonObject> bonds) {
    JsonArray pfs =
        new JsonArray(pfs().stream().map(this::judged).<JsonValue>map(this::shown).toList());
    JsonObject answer = bonds.get().with("pfs", pfs);
    Optional<String> storm = uplinks.storm();
    answer = storm.isPresent() ? answer.with("uplinkStorm", new JsonString(storm.get())) : answer;
    return new Answer(0, answer.toPrettyString() + "\n", "").toFrame();
  }

  private JsonObject shown(NodeReading.PfReading pf) {
    JsonObject json = pf.toJson();
    return PciAddress.parse(pf.pci())
        .flatMap(uplinks::refusal)
        .map(why -> json.with("vfLinkStateRefused", new JsonString(why)))
        .orElse(json);
  }

  private List<NodeReading.PfReading> pfs() {
    try {
      return shared.get(PATIENCE).pfs();
    } catch (IllegalStateException e) {
      problems.warn("PFs are missing in an answer because of a defect: " + e.getCause());
      return List.of();
    }
  }

  /// The metrics of a level in Prometheus' text format.
  public byte[] metrics(Detail detail) {
    Shared read = shared.get();
    // Before its bonds: what is said to be complete has to be.
    boolean ready = watch.isReady();
    NodeReading node =
        new NodeReading(
            detail.shows(Detail.TRAFFIC)
                ? watch.readings().bonds(traffic.timely())
                : watch.readings().bonds(),
            read.pfs().stream().map(this::judged).toList(),
            counters,
            read.pending(),
            OwnProcess.read(),
            uplinks.isStorm(),
            ready);
    return written(detail, node);
  }

  /// What one reading of LACP says gives way to what is known from many.
  private NodeReading.PfReading judged(NodeReading.PfReading pf) {
    return PciAddress.parse(pf.pci()).flatMap(uplinks::verdict).map(pf::with).orElse(pf);
  }

  private Object basis() {
    return List.of(watch.readings().basis(), uplinks.neighbours().told());
  }

  private Shared readShared() {
    uplinks.follow();
    return new Shared(
        watch.readings().pfs(watch.readings().bonds(), uplinks.neighbours()), waiting());
  }

  private static Frame frame(byte[] text) {
    return Frame.of(FrameKind.ANSWER)
        .withU8(Tag.EXIT, 0)
        .with(Tag.STDOUT, text)
        .with(Tag.STDERR, "");
  }

  private byte[] written(Detail detail, NodeReading node) {
    synchronized (text) {
      ByteBuffer written = text.write(detail, node);
      byte[] bytes = new byte[written.remaining()];
      written.get(bytes);
      return bytes;
    }
  }

  private Optional<NodeReading.PendingReading> waiting() {
    try {
      return Optional.of(pending.waiting());
    } catch (IOException e) {
      problems.warn("the pending deletions cannot be counted: " + IoReason.withFile(e));
      return Optional.empty();
    }
  }
}
