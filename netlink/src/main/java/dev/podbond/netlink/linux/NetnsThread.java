package dev.podbond.netlink.linux;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The one thread that enters network namespaces, a few system calls at a time.
// Implementation notes.
//
// A thread started by a thread that is inside a pod's namespace stays there for life, and the first
// virtual thread or process started so takes shared threads of the JVM with it. Therefore nothing
// may start, and nothing may be completed (completion can start things), between the two setns
// calls: a visit only makes system calls, and the visitor's caller is woken after the return.
//
// If the way back fails, the thread ends: an ended thread is in no namespace. The next visit gets a
// new one. Both setns and unshare are called here and nowhere else.
public final class NetnsThread {
  /// What is done inside: system calls only.
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

  /// The thread of this process.
  public static NetnsThread system() {
    return SYSTEM;
  }

  /// Runs `visit` inside the network namespace of an open descriptor.
  ///
  /// @throws LinuxException if the namespace cannot be entered, or what the visit threw
  public <T> T inside(int netnsFd, Visit<T> visit) throws LinuxException {
    return run(c -> c.setns(netnsFd, LinuxConstants.CLONE_NEWNET), visit);
  }

  /// Runs `visit` inside a new network namespace, which ends with the visit unless it was kept
  /// alive by a mount or a descriptor.
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

  /// One visit and, afterwards, what came of it.
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
        // The visit's result stands; the thread is lost, and the worker sees it by `home`.
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
        case Throwable e -> throw new AssertionError("a visit throws none of these", e);
      }
      T result = value;
      if (result == null) {
        throw new AssertionError("a visit returned null");
      }
      return result;
    }
  }

  /// The thread and its mailbox of one errand.
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
            // A visit takes microseconds; leaving it half done would lose what it opened.
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
      // The thread's own namespace, not the process's: they are the same unless someone broke the
      // rule above, and then this thread must at least not spread it.
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
            // Nobody has a reference to this thread to interrupt it with a meaning.
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
