package dev.podbond.plugins.ipam;

import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.wait.Background;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// An IPAM plugin at work, beside the kernel where that is possible: a plugin's process takes about
/// as long as the kernel takes for a bond, and neither needs the other.
///
/// @param <T> what it gives
public final class IpamRun<T> {
  /// These look at nothing but their configuration and their own store. Others may need the
  /// interface they assign to, as `dhcp` does.
  private static final Set<String> NEEDING_NO_INTERFACE =
      Set.of("host-local", "static", "whereabouts");

  private final FutureTask<T> task;
  private boolean started;

  /// What it does.
  ///
  /// @param <T> what it gives
  public interface Work<T> {
    T run() throws CniException;
  }

  private IpamRun(Work<T> work) {
    this.task = new FutureTask<>(work::run);
  }

  /// Whether a plugin may have to use the interface that it assigns to: to ask with ADD for an
  /// address, and to give it back with DEL.
  public static boolean needsInterface(Ipam ipam) {
    return !NEEDING_NO_INTERFACE.contains(ipam.type());
  }

  /// Prepares a run. It begins here if its plugin needs no interface, else with [#result].
  public static <T> IpamRun<T> of(Ipam ipam, Work<T> work) {
    IpamRun<T> run = new IpamRun<>(work);
    if (!needsInterface(ipam)) {
      run.begin();
    }
    return run;
  }

  /// Begins a run beside what the caller does.
  public static <T> IpamRun<T> begun(Work<T> work) {
    IpamRun<T> run = new IpamRun<>(work);
    run.begin();
    return run;
  }

  private void begin() {
    started = true;
    Background.start(task);
  }

  /// Gives a run that has begun some time to end, well or not; what became of it is said by
  /// [#result].
  public void awaitEnd(Duration limit) {
    try {
      task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // Said by result().
    }
  }

  /// Whether it has begun, so that there may be something to take back.
  public boolean hasStarted() {
    return started;
  }

  /// Whether it has ended, so that nobody would wait for it.
  public boolean isDone() {
    return task.isDone();
  }

  /// Waits for its end.
  ///
  /// @throws CniException the plugin's failure
  public T result() throws CniException {
    if (!started) {
      started = true;
      task.run();
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CniException failure) {
        throw failure;
      }
      throw new IllegalStateException("IPAM failed by a defect", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
