package dev.podbond.plugins.ipam;

import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.wait.Background;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A run of an IPAM plugin, in parallel with changes to the kernel where possible. The plugin's
/// process takes about as long as the kernel takes for a bond, and neither needs the other.
///
/// @param <T> what it gives
public final class IpamRun<T> {
  /// These use only their configuration and their own store. Other plugins, such as `dhcp`, may
  /// need the interface to which they assign an address.
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

  /// Whether a plugin may use the interface to which it assigns: to ask for an address on ADD, and
  /// to give it back on DEL.
  public static boolean needsInterface(Ipam ipam) {
    return !NEEDING_NO_INTERFACE.contains(ipam.type());
  }

  /// Prepares a run. It begins now if its plugin needs no interface, otherwise with [#result].
  public static <T> IpamRun<T> of(Ipam ipam, Work<T> work) {
    IpamRun<T> run = new IpamRun<>(work);
    if (!needsInterface(ipam)) {
      run.begin();
    }
    return run;
  }

  /// Begins a run in parallel with the caller.
  public static <T> IpamRun<T> begun(Work<T> work) {
    IpamRun<T> run = new IpamRun<>(work);
    run.begin();
    return run;
  }

  /// Begins to give the addresses of an attachment back, in parallel with the caller.
  ///
  /// @param deletion the DEL as the plugin must see it
  public static IpamRun<Boolean> releasing(Ipam ipam, Invocation deletion) {
    return begun(() -> {
      ipam.del(deletion);
      return true;
    });
  }

  private void begin() {
    started = true;
    Background.start(task);
  }

  /// Waits until a run that has begun ends, successfully or not, or the limit passes. [#result]
  /// reports the outcome.
  public void awaitEnd(Duration limit) {
    try {
      task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // result() reports it.
    }
  }

  /// Whether it has begun: if so, there may be something to take back.
  public boolean hasStarted() {
    return started;
  }

  /// Whether it has ended: if so, [#result] does not wait.
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
      throw new IllegalStateException("IPAM failed because of a defect", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
