package dev.podbond.acceptance.fault;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.ipam.files.AddressFiles;
import dev.podbond.node.state.StateFiles;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Counts the points of one call as it passes them, and injects the planned faults.
public final class Injector {
  private static final int KILLED = 137;

  private final List<PlannedFault> plan;
  private final Consumer<Point> paused;
  private final Map<Edge, Integer> counts = new EnumMap<>(Edge.class);
  private final List<Point> passed = new ArrayList<>();
  private final List<PlannedFault> met = new ArrayList<>();
  private Optional<Point> death = Optional.empty();
  private int under;
  private int delegates;

  /// @param paused runs at each pause, in the paused thread
  public Injector(List<PlannedFault> plan, Consumer<Point> paused) {
    this.plan = List.copyOf(plan);
    this.paused = paused;
  }

  /// Only counts.
  public static Injector counting() {
    return of(List.of());
  }

  public static Injector of(List<PlannedFault> plan) {
    return new Injector(
        plan,
        point -> {
          throw new IllegalStateException("nobody waits for the pause at " + point);
        });
  }

  /// The points in the order in which they were passed.
  public synchronized List<Point> passed() {
    return List.copyOf(passed);
  }

  /// The planned faults that happened.
  public synchronized List<PlannedFault> met() {
    return List.copyOf(met);
  }

  /// What is done at a point.
  ///
  /// @param <T> what it gives
  /// @param <X> how it fails
  private interface Work<T, X extends Exception> {
    T run() throws X;
  }

  private <T, X extends Exception> T pass(
      Edge edge,
      String what,
      Work<T, X> work,
      Function<String, X> refusal,
      Function<String, X> lostAnswer)
      throws X {
    int number = enter(edge);
    try {
      Point before = new Point(edge, Side.BEFORE, number, what);
      if (reach(before)) {
        throw refusal.apply("injected fault at " + before.place());
      }
      T result = work.run();
      Point after = new Point(edge, Side.AFTER, number, what);
      if (reach(after)) {
        throw lostAnswer.apply("injected fault at " + after.place());
      }
      return result;
    } finally {
      synchronized (this) {
        under--;
        delegates -= edge == Edge.DELEGATE ? 1 : 0;
        notifyAll();
      }
    }
  }

  /// A change to the kernel waits for the delegates under way. Whether a delegate has ended when
  /// the last change is made decides what a removal writes down, and the points of a call must be
  /// the same each time.
  ///
  /// @return which one of its edge it is
  private synchronized int enter(Edge edge) {
    while (edge == Edge.KERNEL && delegates > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    under++;
    delegates += edge == Edge.DELEGATE ? 1 : 0;
    return counts.merge(edge, 1, Integer::sum);
  }

  /// Whether the call is dead.
  public synchronized boolean isDead() {
    return death.isPresent();
  }

  /// Waits until no thread is between the two sides of a point.
  public synchronized void awaitQuiet() {
    try {
      while (under > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Whether to fail here.
  private boolean reach(Point point) {
    Optional<PlannedFault> here;
    synchronized (this) {
      if (death.isPresent()) {
        throw new Died(death.get());
      }
      passed.add(point);
      here = plan.stream().filter(fault -> fault.isAt(point)).findFirst();
      here.ifPresent(met::add);
      if (here.isPresent() && here.get().fault() == Fault.DIE) {
        death = Optional.of(point);
        throw new Died(point);
      }
    }
    if (here.isEmpty()) {
      return false;
    }
    return switch (here.get().fault()) {
      case FAIL -> true;
      case PAUSE -> {
        paused.accept(point);
        yield false;
      }
      case KILL -> {
        Runtime.getRuntime().halt(KILLED);
        throw new AssertionError("a halted process went on");
      }
      case DIE -> throw new AssertionError("the dead went on");
    };
  }

  /// The node with these faults.
  public NodeEnvironment around(NodeEnvironment node) {
    return node.through(around(node.files()), this::around, around(node.ipam()));
  }

  private Kernel around(Kernel kernel) {
    return change -> apply(kernel, change);
  }

  private void apply(Kernel kernel, Change change) throws ChangeFailedException {
    boolean _ =
        this.<Boolean, ChangeFailedException>pass(
            Edge.KERNEL,
            change.toString(),
            () -> {
              kernel.apply(change);
              return true;
            },
            fault -> new ChangeFailedException(change, "ENOMEM", fault),
            fault -> ChangeFailedException.unanswered(change, "ENOBUFS", fault));
  }

  /// Wraps only the delegates, for a call whose delegates come from elsewhere.
  public PluginExec around(PluginExec exec) {
    return (type, env, stdin) ->
        this.<String, CniException>pass(
            Edge.DELEGATE,
            type + " " + env.get("CNI_COMMAND"),
            () -> exec.run(type, env, stdin),
            fault -> new CniException(CniErrorCode.INTERNAL, fault),
            fault -> new CniException(CniErrorCode.INTERNAL, fault));
  }

  /// Wraps the files of an IPAM plugin that is built in. Directories and locks are none of them:
  /// they remain anyway.
  public AddressFiles around(AddressFiles files) {
    return new AddressFiles() {
      @Override
      public void makeDirectory(Path directory) throws IOException {
        files.makeDirectory(directory);
      }

      @Override
      public void makeLock(Path file) throws IOException {
        files.makeLock(file);
      }

      @Override
      public boolean create(Path file, String text) throws IOException {
        return write(Edge.ADDRESS, "create " + file.getFileName(), () -> files.create(file, text));
      }

      @Override
      public void replace(Path file, String text) throws IOException {
        boolean _ =
            write(
                Edge.ADDRESS,
                "write " + file.getFileName(),
                () -> {
                  files.replace(file, text);
                  return true;
                });
      }

      @Override
      public boolean delete(Path file) throws IOException {
        return write(Edge.ADDRESS, "delete " + file.getFileName(), () -> files.delete(file));
      }
    };
  }

  private StateFiles around(StateFiles files) {
    return new StateFiles() {
      @Override
      public void replace(Path file, String text) throws IOException {
        boolean _ =
            write(
                Edge.FILE,
                "write " + file.getFileName(),
                () -> {
                  files.replace(file, text);
                  return true;
                });
      }

      @Override
      public boolean create(Path file, String text) throws IOException {
        return write(Edge.FILE, "create " + file.getFileName(), () -> files.create(file, text));
      }

      @Override
      public boolean delete(Path file) throws IOException {
        return write(Edge.FILE, "delete " + file.getFileName(), () -> files.delete(file));
      }

      @Override
      public void setAside(Path file, Path aside) throws IOException {
        boolean _ =
            write(
                Edge.FILE,
                "set aside " + file.getFileName(),
                () -> {
                  files.setAside(file, aside);
                  return true;
                });
      }
    };
  }

  private boolean write(Edge edge, String what, Work<Boolean, IOException> work)
      throws IOException {
    return this.<Boolean, IOException>pass(
        edge,
        what,
        work,
        fault -> new IOException("No space left on device, " + fault),
        fault -> new IOException("Input/output error, " + fault));
  }
}
