package dev.podbond.reporter;

import dev.podbond.cluster.nodestate.NodeState;
import dev.podbond.cluster.nodestate.NodeStateCollector;
import dev.podbond.cluster.nodestate.WriteSchedule;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LongList;
import dev.podbond.reporter.NodeObject.Stored;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Keeps the BondNodeState of its node as the agent says. It asks the agent when there is news, and
/// writes what differs from what is stored, and nothing else. One thread runs it.
final class Reporter {
  /// After this time it looks whether somebody has changed or deleted the object.
  static final Duration REVIEW = Duration.ofMinutes(10);

  /// An agent whose news do not end is asked no more often.
  private static final Duration LEAST = Duration.ofMillis(200);

  /// One failure is several pieces of news: the kernel tells of the link; up to a `miimon` later
  /// the bond finds it out, and a tenth of a second after that the agent has looked; and of each
  /// pod with a VF of the same PF it tells by itself. What was written after the first of them
  /// would have to be written again, and that only seconds later.
  static final Duration QUIET = Duration.ofMillis(150);

  /// News without end are not waited for.
  static final Duration LONGEST_BURST = Duration.ofMillis(600);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  /// Nothing interrupts the wait for an API server that was away, and news may have come meanwhile.
  /// With what is added of it, what has happened is written a minute later at the latest.
  static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  private static final Duration AGENT_RETRY = Duration.ofSeconds(5);

  /// Who else writes the object is an administrator; twice in a row is a quarrel.
  private static final int ATTEMPTS = 3;

  private final AgentSocket agent;
  private final NodeObject object;
  private final String version;
  private final ReporterLog log;
  private final Waiting waiting;

  private WriteSchedule schedule;
  private Optional<Stored> stored = Optional.empty();
  private Duration reviewed = Duration.ZERO;
  private Duration retry = FIRST_RETRY;
  private volatile boolean ready;

  /// @param version of this release, which is the agent's as well: both are in one image
  Reporter(AgentSocket agent, NodeObject object, String version, ReporterLog log) {
    this(agent, object, version, log, Waiting.USUAL);
  }

  Reporter(AgentSocket agent, NodeObject object, String version, ReporterLog log, Waiting waiting) {
    this.agent = agent;
    this.object = object;
    this.version = version;
    this.log = log;
    this.waiting = waiting;
    this.schedule = WriteSchedule.start(object.node());
  }

  /// Whether the API server has what the agent says, but for a change that waits for its time.
  boolean isReady() {
    return ready;
  }

  /// Goes on until its thread is interrupted.
  void run(Signal signal) throws InterruptedException {
    try {
      while (true) {
        signal.lower();
        Pause pause = step(waiting.now());
        waiting.sleep(pause.least());
        if (waiting.await(signal, pause.most())) {
          letSettle(signal);
        }
        Duration early = schedule.delay(waiting.now());
        if (early.isPositive()) {
          waiting.sleep(early);
          if (waiting.await(signal, Duration.ZERO)) {
            letSettle(signal);
          }
        }
      }
    } finally {
      ready = false;
    }
  }

  /// Waits until the burst of news that has begun is over.
  private void letSettle(Signal signal) throws InterruptedException {
    Duration end = waiting.now().plus(LONGEST_BURST);
    boolean goesOn = true;
    while (goesOn) {
      signal.lower();
      Duration left = end.minus(waiting.now());
      goesOn = left.isPositive() && waiting.await(signal, min(QUIET, left));
    }
  }

  /// How long to wait until the next step.
  ///
  /// @param least whatever news there is
  /// @param most without any, after the least
  record Pause(Duration least, Duration most) {}

  /// Asks the agent, and writes what has changed.
  Pause step(Duration now) {
    try {
      if (now.minus(reviewed).compareTo(REVIEW) >= 0) {
        stored = Optional.empty();
      }
      for (int i = 0; i < ATTEMPTS; i++) {
        if (stored.isEmpty()) {
          stored = Optional.of(look(now));
        }
        Optional<NodeState> told = ask(stored.get().state());
        if (told.isEmpty()) {
          ready = false;
          log.say(
              "the agent has just started and has not looked at all pods yet; what was written stays");
          return new Pause(LEAST, AGENT_RETRY);
        }
        NodeState state = told.get();
        if (state.equals(stored.get().state())) {
          return done();
        }
        stored = object.write(stored.get(), state);
        if (stored.isPresent()) {
          schedule = schedule.written(now);
          return done();
        }
      }
      throw new ReportException(
          "somebody else writes BondNodeState " + object.node() + " as well; leave it to this pod");
    } catch (ReportException e) {
      ready = false;
      stored = Optional.empty();
      log.say(IoReason.of(e));
      // So that not all nodes ask at one time when it is back.
      Duration wait = Duration.ofMillis((long) (retry.toMillis() * (1 + schedule.spread())));
      retry = min(retry.multipliedBy(2), LONGEST_RETRY);
      return new Pause(wait, Duration.ZERO);
    } catch (IOException | JsonException e) {
      ready = false;
      log.say(
          "no agent answers on "
              + agent.path()
              + ": "
              + IoReason.of(e)
              + "; look at the container agent of this pod");
      return new Pause(LEAST, AGENT_RETRY);
    }
  }

  private Stored look(Duration now) throws ReportException {
    Optional<Stored> found = object.read();
    Stored there = found.isPresent() ? found.get() : object.create();
    reviewed = now;
    return there;
  }

  /// What the agent says; empty as long as it does not know all bonds yet.
  private Optional<NodeState> ask(NodeState before) throws IOException, JsonException {
    NodeStateCollector collector = new NodeStateCollector(version, before);
    JsonObject others =
        LongList.read(
            agent.bonds(),
            "bonds",
            element -> {
              if (element instanceof JsonObject bond) {
                collector.add(bond);
              }
            });
    return others.get("starting").equals(Optional.of(JsonBoolean.TRUE))
        ? Optional.empty()
        : Optional.of(collector.state(others));
  }

  private Pause done() {
    if (!ready) {
      log.say("BondNodeState " + object.node() + " is as the agent says");
    }
    ready = true;
    retry = FIRST_RETRY;
    return new Pause(LEAST, REVIEW);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
