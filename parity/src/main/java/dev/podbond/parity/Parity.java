package dev.podbond.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Runs suites.
///
/// @param root the directory with cases, recordings and tables
/// @param scratch a directory that may be written
/// @param wanted which cases, by name
/// @param log gets a line for each call
public record Parity(Path root, Path scratch, Predicate<String> wanted, Consumer<String> log) {
  private static final int AT_A_TIME = 2;

  /// The comparison of ours with a peer.
  ///
  /// @param peer its name and kernel
  /// @param cases how many were compared
  /// @param calls how many calls they make
  /// @param broken expectations that ours do not meet
  /// @param verdict its differences
  public record Report(
      String peer, int cases, int calls, List<String> broken, DifferenceTable.Verdict verdict) {
    /// Whether there are no unexplained differences, stale patterns or broken expectations.
    public boolean isGood() {
      return broken.isEmpty() && verdict.unexplained().isEmpty() && verdict.stale().isEmpty();
    }

    /// The report, one line for each fact.
    public String toText() {
      StringBuilder text = new StringBuilder();
      broken.forEach(line -> text.append("expectation not met: ").append(line).append('\n'));
      verdict.unexplained().forEach(line -> text.append("unexplained: ").append(line).append('\n'));
      verdict.stale().forEach(line -> text.append("explains nothing: ").append(line).append('\n'));
      int explained = verdict.explained().values().stream().mapToInt(Integer::intValue).sum();
      return text.append(
              "%d cases, %d calls against %s: %d differences explained by %d entries, %d unexplained%n"
                  .formatted(
                      cases,
                      calls,
                      peer,
                      explained,
                      verdict.explained().size(),
                      verdict.unexplained().size()))
          .toString();
    }
  }

  /// Runs the recorded cases of the peer with ours, and compares.
  ///
  /// @param dist the output of `make dist`
  public Report compareWithRecording(Suite suite, Path dist) throws IOException {
    Recording theirs = Recording.read(suite.recording(root));
    Predicate<String> recorded = name -> theirs.cases().containsKey(name);
    List<String> broken = new ArrayList<>();
    Parity narrowed = new Parity(root, scratch, wanted.and(recorded), log);
    return judge(suite, narrowed.podbond(suite, dist, broken), theirs, broken);
  }

  /// Stores a peer's outcomes, for [#compareWithRecording].
  void record(Suite suite, Recording newer) throws IOException {
    Path file = suite.recording(root);
    List<String> order = suite.cases(root).stream().map(Case::name).toList();
    Recording before = Files.exists(file) ? Recording.read(file) : newer;
    Files.writeString(file, before.updated(newer, order).toText());
  }

  /// Runs ours through the cases of a suite.
  Recording podbond(Suite suite, Path dist, List<String> broken) throws IOException {
    try (Contestant podbond = new Podbond(dist, Files.createDirectories(scratch.resolve("node")))) {
      return run(suite, podbond, "podbond", broken);
    }
  }

  /// Compares two recordings by the table of a suite.
  ///
  /// @param broken expectations that ours do not meet
  Report judge(Suite suite, Recording ours, Recording theirs, List<String> broken)
      throws IOException {
    List<Difference> differences = new ArrayList<>();
    ours.cases()
        .forEach((name, outcomes) ->
            differences.addAll(
                Comparison.of(name, outcomes, theirs.cases().getOrDefault(name, List.of()))));
    theirs.cases().keySet().stream()
        .filter(wanted)
        .filter(name -> !ours.cases().containsKey(name))
        .forEach(name -> differences.add(new Difference(name, "case", "-", "recorded")));
    boolean whole = suite.cases(root).stream().map(Case::name).allMatch(ours.cases()::containsKey);
    return new Report(
        theirs.contestant() + " on " + theirs.kernel(),
        ours.cases().size(),
        ours.cases().values().stream().mapToInt(List::size).sum(),
        broken,
        DifferenceTable.read(suite.differences(root)).judge(differences, whole));
  }

  /// Runs a contestant through the cases of a suite. Cases that allow others beside them run two at
  /// a time, the rest one by one.
  ///
  /// @param broken unmet expectations are added to this list
  Recording run(Suite suite, Contestant contestant, String version, List<String> broken)
      throws IOException {
    Machine machine = Machine.asFound();
    contestant.start();
    List<Case> cases = suite.cases(root).stream().filter(each -> wanted.test(each.name())).toList();
    Map<String, CaseRun.Ended> ended = new ConcurrentHashMap<>();
    AtomicInteger number = new AtomicInteger();
    try (ExecutorService workers = Executors.newFixedThreadPool(AT_A_TIME)) {
      List<Future<?>> running = new ArrayList<>();
      for (Case each : cases) {
        if (!each.needsTheNodeAlone()) {
          running.add(
              workers.submit(() -> ended.put(each.name(), run(each, contestant, machine, number))));
        }
      }
      for (Future<?> one : running) {
        await(one);
      }
    }
    for (Case each : cases) {
      if (each.needsTheNodeAlone()) {
        ended.put(each.name(), run(each, contestant, machine, number));
      }
    }
    machine.removeVfs();
    Map<String, List<CallOutcome>> outcomes = new LinkedHashMap<>();
    for (Case each : cases) {
      CaseRun.Ended one = Objects.requireNonNull(ended.get(each.name()));
      one.broken().forEach(line -> broken.add(each.name() + " " + line));
      outcomes.put(each.name(), one.outcomes());
    }
    return new Recording(version, System.getProperty("os.version"), outcomes);
  }

  /// A case whose steps cannot be carried out is a broken one; the others are still of use.
  private CaseRun.Ended run(Case each, Contestant contestant, Machine machine, AtomicInteger number)
      throws IOException {
    int mine = number.incrementAndGet();
    Path directory = Files.createDirectories(scratch.resolve("case" + mine));
    try {
      return CaseRun.of(each, contestant, machine, directory, mine, log);
    } catch (IOException e) {
      log.accept(each.name() + ": " + e);
      return new CaseRun.Ended(List.of(), List.of("cannot be run: " + e.getMessage()));
    }
  }

  private static void await(Future<?> one) throws IOException {
    try {
      one.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
