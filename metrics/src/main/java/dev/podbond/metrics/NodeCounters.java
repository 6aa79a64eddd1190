package dev.podbond.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// What an agent counts while it runs. Any thread may count.
public final class NodeCounters {
  /// The commands that change or judge an attachment. Each has its series from the start: the first
  /// increase would else be seen by nobody.
  private static final List<String> COMMANDS = List.of("ADD", "CHECK", "DEL", "GC", "STATUS");

  /// An IPAM plugin may end with any code.
  private static final int MOST_CODES = 32;

  private static final String OTHER_CODE = "other";

  private final Map<String, Calls> calls = new TreeMap<>();
  private final LongAdder repaired = new LongAdder();
  private final LongAdder removed = new LongAdder();
  private final LongAdder overruns = new LongAdder();
  private final LongAdder demotions = new LongAdder();

  /// The calls of one command.
  private record Calls(DurationHistogram durations, Map<String, LongAdder> failures) {}

  /// All counts are 0.
  public NodeCounters() {
    COMMANDS.forEach(command ->
        calls.put(command, new Calls(new DurationHistogram(), new ConcurrentSkipListMap<>())));
  }

  /// A call was answered. Commands that are not CNI's are not counted.
  public void succeeded(String command, Duration took) {
    Calls counted = calls.get(command);
    if (counted != null) {
      counted.durations().add(took);
    }
  }

  /// A call was answered with an error.
  ///
  /// @param code the error's
  public void failed(String command, int code, Duration took) {
    Calls counted = calls.get(command);
    if (counted != null) {
      counted.durations().add(took);
      Map<String, LongAdder> failures = counted.failures();
      String name = Integer.toString(code);
      boolean room = failures.containsKey(name) || failures.size() < MOST_CODES;
      failures.computeIfAbsent(room ? name : OTHER_CODE, _ -> new LongAdder()).increment();
    }
  }

  /// The agent put an attachment right by itself.
  public void repaired() {
    repaired.increment();
  }

  /// The agent removed an attachment by itself.
  public void removed() {
    removed.increment();
  }

  /// Members of a bond have left a bad path.
  public void demoted(int members) {
    demotions.add(members);
  }

  /// News of links was lost.
  public void newsLost() {
    overruns.increment();
  }

  void writeCalls(Exposition text) {
    calls.forEach((command, counted) ->
        text.sample(Metric.CNI_CALLS).label(command).value(counted.durations().count()));
    calls.forEach((command, counted) ->
        counted
            .failures()
            .forEach((code, count) ->
                text.sample(Metric.CNI_CALL_FAILURES)
                    .label(command)
                    .label(code)
                    .value(count.sum())));
    calls.forEach((command, counted) ->
        text.histogram(Metric.CNI_CALL_DURATION, command, counted.durations()));
    text.sample(Metric.REPAIRS).label("removed").value(removed.sum());
    text.sample(Metric.REPAIRS).label("repaired").value(repaired.sum());
  }

  long demotions() {
    return demotions.sum();
  }

  long overruns() {
    return overruns.sum();
  }
}
