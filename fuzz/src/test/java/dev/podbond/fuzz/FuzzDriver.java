package dev.podbond.fuzz;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// What Jazzer calls in `fuzz/run`: the targets that the property `podbond.fuzz.targets` lists.
/// With several of them in one process the first byte of an input chooses, since to start a process
/// takes longer than a target's share of a short run.
public final class FuzzDriver {
  private static final List<Target> TARGETS =
      Stream.of(System.getProperty("podbond.fuzz.targets").split(",")).map(Target::named).toList();

  private FuzzDriver() {}

  /// One method that carries `@FuzzTest`.
  private record Target(String name, Object instance, Method method, AtomicLong executions) {
    /// @param name as `JsonFuzz.document`
    static Target named(String name) {
      String[] parts = name.split("\\.");
      try {
        Class<?> type = Class.forName(FuzzDriver.class.getPackageName() + "." + parts[0]);
        Constructor<?> constructor = type.getDeclaredConstructor();
        Method method = type.getDeclaredMethod(parts[1], byte[].class);
        return new Target(name, constructor.newInstance(), method, new AtomicLong());
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("there is no target " + name, e);
      }
    }

    void run(byte[] input) throws Throwable {
      executions.incrementAndGet();
      try {
        method.invoke(instance, input);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  /// Prints the executions of each target when all is over.
  public static void fuzzerInitialize() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() ->
                TARGETS.forEach(target ->
                    System.err.println("executed " + target.name + " " + target.executions))));
  }

  /// Runs one input.
  public static void fuzzerTestOneInput(byte[] input) throws Throwable {
    if (TARGETS.size() == 1) {
      TARGETS.getFirst().run(input);
    } else if (input.length > 0) {
      Target target = TARGETS.get((input[0] & 0xff) % TARGETS.size());
      target.run(Arrays.copyOfRange(input, 1, input.length));
    }
  }
}
