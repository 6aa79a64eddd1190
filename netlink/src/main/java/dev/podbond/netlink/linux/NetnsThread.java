package dev.podbond.netlink.linux;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The only thread that enters network namespaces, for a few system calls at a time.
// Implementation notes.
//
// A new thread inherits the namespace of the thread that starts it and stays there for life. If the
// starter is inside a pod's namespace and starts the JVM's first virtual thread or process, shared
// threads of the JVM are started there too. Therefore, between the two setns calls, nothing may
// start a thread and nothing may complete a future (completion can start threads). A visit only
// makes system calls, and its caller is woken after the return.
//
// If the return fails, the thread ends, so no thread is left in a foreign namespace. The next visit
// gets a new thread. Only this class calls setns and unshare.
public final class NetnsThread {
  /// The work inside a namespace: system calls only.
  @FunctionalInterface
  public interface Visit<T> {
    T run(LinuxCalls calls) throws LinuxException;
  }

  private static final NetnsThread SYSTEM = new NetnsThread(LinuxCalls.system());

  private final LinuxCalls calls;
  private final ReentrantLock oneVisitor = new ReentrantLock();
  private @Nullable Worker worker;

  NetnsThread(LinuxCalls calls) {
    this.calls = calls;
  }

  /// The netns thread of this process.
  public static NetnsThread system() {
    return SYSTEM;
  }

  /// Runs `visit` inside the network namespace of an open descriptor.
  ///
  /// @throws LinuxException if the namespace cannot be entered, or the visit's own exception
  public <T> T inside(int netnsFd, Visit<T> visit) throws LinuxException {
    return run(c -> c.setns(netnsFd, LinuxConstants.CLONE_NEWNET), visit);
  }

  /// Runs `visit` inside a new network namespace. The namespace ends with the visit unless the
  /// visit kept it alive by a mount or a descriptor.
  public <T> T insideNew(Visit<T> visit) throws LinuxException {
    return run(c -> c.unshare(LinuxConstants.CLONE_NEWNET), visit);
  }

  @FunctionalInterface
  private interface Entry {
    void enter(LinuxCalls calls) throws LinuxException;
  }

  private <T> T run(Entry entry, Visit<T> visit) throws LinuxException {
    oneVisitor.lock();
    try {
      Worker current = worker;
      if (current == null || !current.isUsable()) {
        current = new Worker(calls);
        worker = current;
      }
      Errand<T> errand = new Errand<>(entry, visit);
      current.run(errand);
      return errand.result();
    } finally {
      oneVisitor.unlock();
    }
  }

  /// One visit, and afterwards its result.
  private static final class Errand<T> {
    private final Entry entry;
    private final Visit<T> visit;
    private @Nullable T value;
    private @Nullable Throwable failure;
    private boolean home = true;

    Errand(Entry entry, Visit<T> visit) {
      this.entry = entry;
      this.visit = visit;
    }

    void perform(LinuxCalls calls, int homeFd) {
      try {
        entry.enter(calls);
        home = false;
        value = visit.run(calls);
      } catch (LinuxException | RuntimeException | Error e) {
        failure = e;
      } finally {
        if (!home) {
          comeHome(calls, homeFd);
        }
      }
    }

    private void comeHome(LinuxCalls calls, int homeFd) {
      try {
        calls.setns(homeFd, LinuxConstants.CLONE_NEWNET);
        home = true;
      } catch (LinuxException e) {
        // The visit's result stands. The thread is lost; the worker learns that from `home`.
        if (failure != null) {
          failure.addSuppressed(e);
        }
      }
    }

    T result() throws LinuxException {
      switch (failure) {
        case null -> {}
        case LinuxException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new AssertionError("a visit cannot throw this", e);
      }
      T result = value;
      if (result == null) {
        throw new AssertionError("a visit returned null");
      }
      return result;
    }
  }

  /// The thread and its mailbox, which holds one errand.
  private static final class Worker {
    private final LinuxCalls calls;
    private final Object monitor = new Object();
    private @Nullable Errand<?> errand;
    private @Nullable LinuxException noHome;
    private boolean dead;

    Worker(LinuxCalls calls) {
      this.calls = calls;
      Thread.ofPlatform()
          .name("netns")
          .daemon(true)
          .inheritInheritableThreadLocals(false)
          .start(this::loop);
    }

    boolean isUsable() {
      synchronized (monitor) {
        return !dead;
      }
    }

    void run(Errand<?> next) throws LinuxException {
      synchronized (monitor) {
        boolean interrupted = false;
        errand = next;
        monitor.notifyAll();
        while (errand != null && !dead) {
          try {
            monitor.wait();
          } catch (InterruptedException e) {
            // A visit takes microseconds. If we left it now, we would lose the descriptors it
            // opens.
            interrupted = true;
          }
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        if (errand != null) {
          errand = null;
          throw noHome != null ? noHome : new LinuxException("the netns thread ended", Errno.ESRCH);
        }
      }
    }

    private void loop() {
      // We return to the thread's own namespace, not the process's. The two differ only if someone
      // broke the rule above, and then this thread must not carry the damage further.
      try (Fd home =
          new Fd(
              calls,
              calls.open("/proc/thread-self/ns/net", LinuxConstants.O_RDONLY),
              "the network namespace of this process")) {
        boolean isHome = true;
        while (isHome) {
          Errand<?> next = await();
          next.perform(calls, home.number());
          isHome = next.home;
          finish(isHome);
        }
      } catch (LinuxException e) {
        synchronized (monitor) {
          noHome = e;
        }
      } finally {
        synchronized (monitor) {
          dead = true;
          monitor.notifyAll();
        }
      }
    }

    private Errand<?> await() {
      synchronized (monitor) {
        while (true) {
          Errand<?> next = errand;
          if (next != null) {
            return next;
          }
          try {
            monitor.wait();
          } catch (InterruptedException e) {
            // An interrupt has no meaning here: nobody else has a reference to this thread.
          }
        }
      }
    }

    private void finish(boolean isHome) {
      synchronized (monitor) {
        dead = !isHome;
        errand = null;
        monitor.notifyAll();
      }
    }
  }
}
