package dev.podbond.agent.interleaving;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Runs the threads of a scenario in every order that takes one switch from a thread to another,
/// and in many that take two. Nothing is drawn by chance.
///
/// The classes under test are loaded anew for it, with a point before whatever another thread could
/// notice. Between two points a thread runs alone, and it goes on unless it ends, waits for
/// another, or [Schedule] says to switch there.
public final class Interleavings {
  private static final int MOST_PAIRS = 600;
  private static final String OURS = "dev.podbond.";

  private Interleavings() {}

  /// Runs a scenario again and again.
  ///
  /// @param scenario has a constructor without parameters
  /// @param tested the classes in which the threads meet
  /// @throws AssertionError from the first run that fails, with the places of the switches
  public static void explore(Class<? extends Scenario> scenario, Class<?>... tested)
      throws Exception {
    Constructor<? extends Scenario> making =
        new Loader(scenario.getClassLoader(), tested)
            .loadClass(scenario.getName())
            .asSubclass(Scenario.class)
            .getDeclaredConstructor();
    making.setAccessible(true);
    int threads = making.newInstance().threads().size();
    int others = threads - 1;
    for (int first = 0; first < threads; first++) {
      int switches = run(making, first, Map.of()) * others;
      for (int one = 0; one < switches; one++) {
        run(making, first, Map.of(one / others, one % others));
      }
      long pairs = (long) switches * switches;
      long stride = 1 + pairs * threads / MOST_PAIRS;
      for (long pair = stride / 2; pair < pairs; pair += stride) {
        int one = (int) (pair / switches);
        int other = (int) (pair % switches);
        if (one / others < other / others) {
          run(making, first, Map.of(one / others, one % others, other / others, other % others));
        }
      }
    }
  }

  static boolean isOfTheProduct(String className) {
    return className.startsWith(OURS)
        && !className.startsWith(Interleavings.class.getPackageName());
  }

  private static int run(
      Constructor<? extends Scenario> making, int first, Map<Integer, Integer> switches)
      throws Exception {
    Scenario scenario = making.newInstance();
    Schedule schedule = new Schedule(scenario.threads(), first, switches);
    int points = schedule.run();
    try {
      scenario.check();
    } catch (AssertionError e) {
      throw new AssertionError(schedule.toString(), e);
    }
    return points;
  }

  /// Loads the product once more, so that points can be put into a part of it.
  private static final class Loader extends ClassLoader {
    private static final ClassDesc SCHEDULE = Schedule.class.describeConstable().orElseThrow();

    private final Set<String> tested;

    Loader(ClassLoader parent, Class<?>... tested) {
      super(parent);
      this.tested =
          Arrays.stream(tested).map(t -> outermost(t.getName())).collect(Collectors.toSet());
      Module ours = Interleavings.class.getModule();
      if (ours.isNamed()) {
        ours.addExports(Interleavings.class.getPackageName(), getUnnamedModule());
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!isOfTheProduct(name)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = file.readAllBytes();
        byte[] code = tested.contains(outermost(name)) ? withPoints(bytes) : bytes;
        return defineClass(name, code, 0, code.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    private static String outermost(String name) {
      return name.split("\\$", 2)[0];
    }

    private byte[] withPoints(byte[] bytes) {
      ClassFile file =
          ClassFile.of(
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofClassLoading(getParent())));
      ClassModel type = file.parse(bytes);
      Set<String> constants =
          type.fields().stream()
              .filter(field -> field.flags().has(AccessFlag.FINAL))
              .map(field -> field.fieldName().stringValue())
              .collect(Collectors.toSet());
      return file.transformClass(
          type,
          ClassTransform.transformingMethodBodies((code, element) -> {
            if (isNoticed(element, constants)) {
              code.invokestatic(SCHEDULE, "point", MethodTypeDesc.of(ConstantDescs.CD_void));
            }
            code.with(element);
          }));
    }

    /// Whether another thread could notice when it happens: not what is done to values.
    private static boolean isNoticed(CodeElement element, Set<String> constants) {
      return switch (element) {
        case MonitorInstruction _ -> true;
        case FieldInstruction field -> !constants.contains(field.name().stringValue());
        case InvokeInstruction call ->
            !call.owner().asInternalName().matches("java/(lang/|time/|util/Opt).*")
                && !call.name().equalsString("<init>");
        default -> false;
      };
    }
  }
}
