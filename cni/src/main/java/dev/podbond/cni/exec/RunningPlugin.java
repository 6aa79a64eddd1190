package dev.podbond.cni.exec;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A plugin's process with its pipes; closing it leaves neither behind.
final class RunningPlugin implements AutoCloseable {

  private static final Duration OUTPUT_GRACE = Duration.ofSeconds(1);

  private final Process process;

  RunningPlugin(Process process) {
    this.process = process;
  }

  /// Writes stdin beside everything else: a plugin may answer, or end, without having read it.
  void feed(byte[] stdin) {
    Thread.ofVirtual()
        .name("cni-plugin-stdin")
        .start(() -> {
          try (OutputStream pipe = process.getOutputStream()) {
            pipe.write(stdin);
          } catch (IOException _) {
            // The plugin did not want it; its exit code tells whether that was a failure.
          }
        });
  }

  StreamPump stdout(OutputStream passOn, int keptBytes) {
    return StreamPump.start(process.getInputStream(), passOn, keptBytes);
  }

  StreamPump stderr(OutputStream passOn, int keptBytes) {
    return StreamPump.start(process.getErrorStream(), passOn, keptBytes);
  }

  /// Waits for the end of the process, then for that of its output. What the plugin wrote is in the
  /// pipes when it ends; something that it started may hold them open longer, and is not waited
  /// for.
  ///
  /// @return false if the time ran out before the process ended
  boolean ends(Duration timeout, StreamPump... pumps) throws InterruptedException {
    if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    for (StreamPump pump : pumps) {
      pump.join(OUTPUT_GRACE);
    }
    return true;
  }

  int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      // The children first: they could not be found once their parent is gone.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
