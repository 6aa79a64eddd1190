package dev.podbond.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Runs suites.
///
/// @param root the directory with cases, recordings and tables
/// @param scratch a directory that may be written
/// @param wanted which cases, by name
/// @param log takes a line for each call
public record Parity(Path root, Path scratch, Predicate<String> wanted, Consumer<String> log) {
  /// How ours did against a peer.
  ///
  /// @param peer who, on which kernel
  /// @param cases how many were compared
  /// @param calls how many calls they make
  /// @param broken expectations that ours does not meet
  /// @param verdict its differences
  public record Report(
      String peer, int cases, int calls, List<String> broken, DifferenceTable.Verdict verdict) {
    /// Nothing is unexplained, stale or broken.
    public boolean isGood() {
      return broken.isEmpty() && verdict.unexplained().isEmpty() && verdict.stale().isEmpty();
    }

    /// What there is to say, a line each.
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

  /// Runs ours and compares it with what was recorded of the peer.
  ///
  /// @param dist what `make dist` made
  public Report compare(Suite suite, Path recording, Path dist) throws IOException {
    Recording theirs = Recording.read(recording);
    List<String> broken = new ArrayList<>();
    Recording ours;
    try (Contestant podbond = new Podbond(dist, Files.createDirectories(scratch.resolve("node")))) {
      ours = run(suite, podbond, "podbond", broken);
    }
    List<Difference> differences = new ArrayList<>();
    ours.cases()
        .forEach((name, outcomes) ->
            differences.addAll(
                Comparison.of(name, outcomes, theirs.cases().getOrDefault(name, List.of()))));
    theirs.cases().keySet().stream()
        .filter(wanted)
        .filter(name -> !ours.cases().containsKey(name))
        .forEach(name -> differences.add(new Difference(name, "case", "-", "recorded")));
    int calls = ours.cases().values().stream().mapToInt(List::size).sum();
    return new Report(
        theirs.contestant() + " on " + theirs.kernel(),
        ours.cases().size(),
        calls,
        broken,
        DifferenceTable.read(suite.differences(root)).judge(differences));
  }

  /// Runs a contestant through the cases of a suite.
  ///
  /// @param broken where expectations that are not met are added
  Recording run(Suite suite, Contestant contestant, String version, List<String> broken)
      throws IOException {
    Machine machine = Machine.asFound();
    contestant.start();
    Map<String, List<CallOutcome>> outcomes = new LinkedHashMap<>();
    int number = 0;
    for (Case each : suite.cases(root)) {
      if (wanted.test(each.name())) {
        number++;
        Path directory = Files.createDirectories(scratch.resolve("case" + number));
        CaseRun.Ended ended = CaseRun.of(each, contestant, machine, directory, number, log);
        ended.broken().forEach(line -> broken.add(each.name() + " " + line));
        outcomes.put(each.name(), ended.outcomes());
      }
    }
    return new Recording(version, System.getProperty("os.version"), outcomes);
  }
}
