package dev.podbond.acceptance;

import dev.podbond.acceptance.fault.Edge;
import dev.podbond.acceptance.fault.Fault;
import dev.podbond.acceptance.fault.Injector;
import dev.podbond.acceptance.fault.PlannedFault;
import dev.podbond.acceptance.fault.Point;
import dev.podbond.acceptance.fault.Side;
import dev.podbond.plugins.recovery.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Every point of a verb with every fault, and after each the promise: the node is as before or as
/// requested, or a runtime's usual next call makes it so.
final class FaultMatrix {
  /// One in so many is tried; 1 tries all. Which ones follows from the seed, so that many runs of
  /// the tests try all as well.
  private static final int SHARE = Integer.getInteger("podbond.faultShare", 1);

  private final FaultScenario scenario;
  private final long seed = Long.getLong("podbond.seed", System.nanoTime());
  private final List<String> failures = new ArrayList<>();
  private int combinations;
  private int runs;

  FaultMatrix(FaultScenario scenario) {
    this.scenario = scenario;
  }

  /// What is tried.
  enum Verb {
    ADD,
    DEL,
    CHECK,
    REPAIR,
    /// The start of an agent, for which a deletion waits.
    AGENT
  }

  /// What did not hold, a text each.
  List<String> failures() {
    return failures;
  }

  /// Goes through all points of a verb with these faults, and says how many that were.
  void run(Verb verb, List<Fault> faults) throws Exception {
    long start = System.nanoTime();
    int before = runs;
    List<Point> points = points(verb);
    int different = 0;
    for (int i = 0; i < points.size(); i++) {
      boolean isBeforeNext = i + 1 < points.size() && isOneMoment(points.get(i), points.get(i + 1));
      for (Fault fault : faults) {
        if (isBeforeNext && fault != Fault.FAIL || !isTried(points.get(i), verb, fault)) {
          continue;
        }
        different++;
        if (isInShare(combinations++, seed)) {
          tried(verb, List.of(PlannedFault.at(points.get(i), fault)), points.get(i).toString());
        }
      }
    }
    prepareBefore();
    System.out.printf(
        "faults: %s %s: %d points x %s, %d of %d tried in %d s, seed %d%n",
        scenario.name(),
        verb,
        points.size(),
        faults,
        runs - before,
        different,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
        seed);
  }

  /// Whether nothing of the call happens between two points, so that it is one moment to die or to
  /// stand still in. What a delegate does beside other work is not known from the order of points.
  private static boolean isOneMoment(Point point, Point next) {
    return point.side() == Side.AFTER
        && next.side() == Side.BEFORE
        && !isOfDelegate(point)
        && !isOfDelegate(next);
  }

  private static boolean isOfDelegate(Point point) {
    return switch (point.edge()) {
      case DELEGATE, ADDRESS -> true;
      case KERNEL, FILE -> false;
    };
  }

  /// A call that stands still in host-local's files has their lock, for which the opposite call
  /// waits. And host-local promises nothing about files that cannot be deleted: its DEL succeeds
  /// and leaves them.
  private static boolean isTried(Point point, Verb verb, Fault fault) {
    return point.edge() != Edge.ADDRESS
        || fault == Fault.DIE
        || fault == Fault.FAIL && verb == Verb.ADD;
  }

  /// Whether a combination is tried this time.
  static boolean isInShare(int combination, long seed) {
    return Math.floorMod(combination + seed, (long) SHARE) == 0;
  }

  int runs() {
    return runs;
  }

  /// The points of a verb that meets no fault.
  List<Point> points(Verb verb) throws Exception {
    prepare(verb);
    Injector counting = Injector.counting();
    start(verb, counting);
    return counting.passed();
  }

  /// One run, whose failure is noted and cleaned up after.
  void tried(Verb verb, List<PlannedFault> plan, String where) throws Exception {
    runs++;
    try {
      prepare(verb);
      go(verb, plan);
    } catch (AssertionError | RuntimeException e) {
      failures.add(scenario.name() + " " + verb + " " + plan + " " + where + ": " + e);
      System.out.println("FAULT NOT SURVIVED " + failures.getLast());
      scenario.call().del();
      scenario.call().del();
      List<String> left = scenario.now().differences(scenario.before());
      if (!left.isEmpty()) {
        System.out.println("WHAT FOLLOWS BEGINS WITH\n  " + String.join("\n  ", left));
      }
    }
  }

  /// Brings the node to where a verb begins.
  private void prepare(Verb verb) throws Exception {
    switch (verb) {
      case ADD -> prepareBefore();
      case DEL, CHECK -> prepareAsked();
      case REPAIR -> {
        prepareAsked();
        scenario.damage().happen();
      }
      case AGENT -> {
        prepareAsked();
        scenario.leaveDeletion();
      }
    }
  }

  private boolean isRecorded() throws Exception {
    return !scenario.node().state().isEmpty();
  }

  private void prepareBefore() throws Exception {
    if (isRecorded()) {
      scenario.call().del().ok();
    }
    scenario.node().forgetLastAddresses();
  }

  private void prepareAsked() throws Exception {
    if (!isRecorded()) {
      scenario.node().forgetLastAddresses();
      scenario.call().add().ok();
    }
  }

  private Optional<Boolean> start(Verb verb, Injector injector) {
    return switch (verb) {
      case ADD, DEL, CHECK ->
          scenario.run(verb.name(), injector).map(outcome -> outcome.exitCode() == 0);
      case AGENT -> scenario.startAgent(injector);
      case REPAIR ->
          scenario
              .recover(injector)
              .map(outcome -> !(outcome instanceof Recovery.Outcome.Unfinished));
    };
  }

  private void go(Verb verb, List<PlannedFault> plan) throws Exception {
    boolean single = plan.size() == 1;
    if (single && plan.getFirst().fault() == Fault.PAUSE) {
      paused(verb, plan);
      return;
    }
    Injector injector = Injector.of(plan);
    Optional<Boolean> end = start(verb, injector);
    if (single && injector.met().isEmpty()) {
      throw new AssertionError("the point was not passed this time");
    }
    if (end.isEmpty()) {
      afterDeath(verb, plan.getFirst());
    } else if (end.get()) {
      require(
          verb == Verb.DEL || verb == Verb.AGENT ? scenario.before() : scenario.asked(),
          "it said done");
    } else {
      afterFailure(verb, single);
    }
  }

  private void afterFailure(Verb verb, boolean single) throws Exception {
    switch (verb) {
      case ADD -> {
        if (single) {
          require(scenario.before(), "ADD said failed");
        }
        delete("a DEL after the failed ADD");
      }
      case DEL -> delete("a second DEL");
      case CHECK -> {
        require(scenario.asked(), "CHECK said failed");
        scenario.run("CHECK", Injector.counting()).orElseThrow().ok();
      }
      case REPAIR -> repaired("a second look");
      case AGENT -> throw new AssertionError("the agent does not come to an end");
    }
  }

  /// A runtime whose plugin was killed deletes and begins anew, or adds again at once, or the agent
  /// is there first: each in its turn, as the places come.
  private void afterDeath(Verb verb, PlannedFault fault) throws Exception {
    int turn = fault.number() % 3;
    switch (verb) {
      case ADD, DEL -> {
        if (turn == 1) {
          Recovery.Outcome _ = scenario.recover();
        } else if (turn == 2) {
          scenario.node().forgetLastAddresses();
          Outcome again = scenario.call().add();
          if (again.exitCode() == 0) {
            require(scenario.asked(), "an ADD after the death");
          }
        }
        delete("a DEL after the death");
      }
      case CHECK -> require(scenario.asked(), "CHECK died");
      case REPAIR -> repaired("a look after the death");
      case AGENT -> {
        Optional<Boolean> _ = scenario.startAgent(Injector.counting());
        require(scenario.before(), "the next agent");
      }
    }
  }

  private void delete(String which) throws Exception {
    scenario.call().del().ok();
    require(scenario.before(), which);
    scenario.call().del().ok();
  }

  private void repaired(String which) throws Exception {
    Recovery.Outcome outcome = scenario.recover();
    require(scenario.asked(), which + " ended with " + outcome);
  }

  /// While the call stands still, the runtime asks for the opposite, and gets it after.
  private void paused(Verb verb, List<PlannedFault> plan) throws Exception {
    List<CompletableFuture<Outcome>> meanwhile = new ArrayList<>();
    Injector injector =
        new Injector(
            plan,
            _ -> {
              Thread.Builder thread = Thread.ofPlatform();
              CompletableFuture<Outcome> other = new CompletableFuture<>();
              thread.start(() ->
                  other.complete(verb == Verb.DEL ? scenario.call().add() : scenario.call().del()));
              meanwhile.add(other);
              try {
                Thread.sleep(20);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    scenario.node().forgetLastAddresses();
    Optional<Boolean> _ = start(verb, injector);
    if (meanwhile.isEmpty()) {
      throw new AssertionError("the point was not passed this time");
    }
    meanwhile.getFirst().get(60, TimeUnit.SECONDS).ok();
    if (verb == Verb.DEL) {
      requireAttached();
    } else {
      require(scenario.before(), "the DEL that came in between");
    }
  }

  /// The address may be another one: that of before was free only when its DEL was done.
  private void requireAttached() {
    scenario.run("CHECK", Injector.counting()).orElseThrow().ok();
  }

  private void require(Snapshot expected, String when) throws Exception {
    List<String> differences = scenario.now().differences(expected);
    if (!differences.isEmpty()) {
      throw new AssertionError("after " + when + ":\n  " + String.join("\n  ", differences));
    }
  }
}
