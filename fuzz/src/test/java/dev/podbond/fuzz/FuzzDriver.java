package dev.podbond.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The class that Jazzer calls in `fuzz/run`. It runs the targets that the property
/// `podbond.fuzz.targets` lists. If several targets share a process, the first byte of an input
/// chooses one. They share it because starting a process takes longer than a target's share of a
/// short run.
public final class FuzzDriver {
  private static final List<Counted> TARGETS =
      Stream.of(System.getProperty("podbond.fuzz.targets").split(","))
          .map(name -> new Counted(FuzzTarget.named(name), new AtomicLong()))
          .toList();

  private FuzzDriver() {}

  private record Counted(FuzzTarget target, AtomicLong executions) {
    void run(byte[] input) throws Throwable {
      executions.incrementAndGet();
      target.run(input);
    }
  }

  /// Prints the number of executions of each target at the end.
  public static void fuzzerInitialize() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() ->
                TARGETS.forEach(counted ->
                    System.err.println(
                        "executed " + counted.target.name() + " " + counted.executions))));
  }

  /// Runs one input.
  public static void fuzzerTestOneInput(byte[] input) throws Throwable {
    if (TARGETS.size() == 1) {
      TARGETS.getFirst().run(input);
    } else if (input.length > 0) {
      Counted counted = TARGETS.get((input[0] & 0xff) % TARGETS.size());
      counted.run(Arrays.copyOfRange(input, 1, input.length));
    }
  }
}
