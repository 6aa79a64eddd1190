package dev.podbond.cni.exec;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A plugin's process with its pipes; closing it leaves neither behind. It never blocks a thread in
/// the kernel, where a virtual thread would keep its carrier.
final class RunningPlugin implements AutoCloseable {
  /// An empty pipe has room for a page, whatever its limits (pipe(7), "Pipe capacity").
  private static final int ROOM_BYTES = 4096;

  private static final long FEEDER_STACK_BYTES = 128 * 1024;

  /// The first pause between looks at the output. The end of the process is noticed at once.
  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private final Process process;
  private final PluginOutput stdout;
  private final PluginOutput stderr;

  /// @param passOn where its stderr goes
  /// @param stdoutBytes how much of its stdout is kept
  /// @param stderrBytes how much of its stderr is kept
  RunningPlugin(Process process, OutputStream passOn, int stdoutBytes, int stderrBytes) {
    this.process = process;
    this.stdout =
        new PluginOutput(process.getInputStream(), OutputStream.nullOutputStream(), stdoutBytes);
    this.stderr = new PluginOutput(process.getErrorStream(), passOn, stderrBytes);
  }

  /// Writes stdin. A platform thread writes what may not fit into the pipe: a plugin may answer or
  /// end without having read it.
  void feed(byte[] stdin) {
    if (stdin.length <= ROOM_BYTES) {
      write(stdin);
    } else {
      Thread.ofPlatform()
          .daemon()
          .inheritInheritableThreadLocals(false)
          .name("cni-plugin-stdin")
          .stackSize(FEEDER_STACK_BYTES)
          .start(() -> write(stdin));
    }
  }

  private void write(byte[] stdin) {
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.write(stdin);
    } catch (IOException _) {
      // The plugin did not read it; its exit code tells whether that was a failure.
    }
  }

  /// Waits for the end of the process, takes its output meanwhile, and closes everything. When the
  /// plugin ends, all it wrote is in the pipes. A process that it started may hold the pipes open
  /// longer; we do not wait for that.
  ///
  /// @return false if the time ran out before the process ended
  boolean ends(Duration limit) throws InterruptedException {
    // When the process has ended, the JDK empties the pipes into memory unless they are closed by
    // then, without a limit if another process goes on writing. It takes these monitors first.
    synchronized (process.getInputStream()) {
      synchronized (process.getErrorStream()) {
        try {
          return awaitEnd(limit);
        } finally {
          close();
        }
      }
    }
  }

  private boolean awaitEnd(Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      Duration left = limit.minusNanos(System.nanoTime() - start);
      boolean ended = process.waitFor(shorter(pause, left).toNanos(), TimeUnit.NANOSECONDS);
      boolean wroteOut = stdout.take();
      boolean wroteErr = stderr.take();
      if (ended) {
        return true;
      }
      if (!left.isPositive()) {
        return false;
      }
      pause = wroteOut || wroteErr ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /// The result of the process, once it has ended.
  PluginExit exit(String executable) {
    return new PluginExit.Ended(executable, process.exitValue(), stdout.text(), stderr.text());
  }

  /// Whether it wrote more to stdout than is kept.
  boolean wroteTooMuch() {
    return stdout.overflowed();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      // Children first: once their parent is gone we could not find them. Process#destroy would
      // wait for the pending write to stdin.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      boolean _ = process.toHandle().destroyForcibly();
    }
    stdout.close();
    stderr.close();
  }
}
