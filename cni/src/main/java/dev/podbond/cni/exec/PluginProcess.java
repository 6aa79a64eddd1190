package dev.podbond.cni.exec;

import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Runs plugins as processes. The plugin gets exactly the given environment, so trace context and
/// other variables of the caller pass through. Its stderr is passed on while it runs.
///
/// It retries an executable that is just being replaced ("text file busy"), as the Go library does.
public final class PluginProcess implements PluginExec {

  private static final int BUSY_RETRIES = 5;
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);
  private static final int MAX_STDERR_BYTES = 64 * 1024;

  private final PluginLimits limits;
  private final OutputStream stderr;
  private final ProcessStart start;
  private final Duration busyPause;

  /// Starts a process; stands in for [ProcessBuilder#start] in tests.
  @FunctionalInterface
  interface ProcessStart {
    Process start(ProcessBuilder builder) throws IOException;
  }

  /// Runs plugins with a time limit.
  ///
  /// @param timeout how long a plugin may take
  /// @param stderr where the plugins' stderr goes; it is never closed
  public PluginProcess(Duration timeout, OutputStream stderr) {
    this(PluginLimits.always(timeout), stderr);
  }

  /// Runs plugins with time limits.
  ///
  /// @param limits how long a plugin may take
  /// @param stderr where the plugins' stderr goes; it is never closed
  public PluginProcess(PluginLimits limits, OutputStream stderr) {
    this(limits, stderr, ProcessBuilder::start, BUSY_PAUSE);
  }

  PluginProcess(Duration timeout, OutputStream stderr, ProcessStart start, Duration busyPause) {
    this(PluginLimits.always(timeout), stderr, start, busyPause);
  }

  private PluginProcess(
      PluginLimits limits, OutputStream stderr, ProcessStart start, Duration busyPause) {
    this.limits = limits;
    this.stderr = stderr;
    this.start = start;
    this.busyPause = busyPause;
  }

  @Override
  public String run(String type, Map<String, String> env, String stdin) throws CniException {
    return exit(PluginPath.of(env).find(type).toString(), env, stdin).output();
  }

  private PluginExit exit(String executable, Map<String, String> env, String stdin)
      throws CniException {
    Duration limit = limits.of(env);
    try (RunningPlugin plugin = started(executable, env)) {
      plugin.feed(stdin.getBytes(StandardCharsets.UTF_8));
      if (!plugin.ends(limit)) {
        return new PluginExit.Killed(executable, limit);
      }
      return plugin.wroteTooMuch()
          ? new PluginExit.WroteTooMuch(executable)
          : plugin.exit(executable);
    } catch (IOException e) {
      return new PluginExit.NotRun(executable, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CniException(
          CniErrorCode.TRY_AGAIN_LATER, "interrupted while running plugin " + executable, e);
    }
  }

  private RunningPlugin started(String executable, Map<String, String> env)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(executable);
    builder.environment().clear();
    builder.environment().putAll(env);
    for (int retry = 0; ; retry++) {
      try {
        return new RunningPlugin(
            start.start(builder), stderr, CniResult.LIMITS.bytes(), MAX_STDERR_BYTES);
      } catch (IOException e) {
        if (retry == BUSY_RETRIES || !isTextFileBusy(e)) {
          throw e;
        }
        Thread.sleep(busyPause);
      }
    }
  }

  /// The JDK reports errno only in its message: 26 is ETXTBSY on Linux.
  private static boolean isTextFileBusy(IOException e) {
    String message = Optional.ofNullable(e.getMessage()).orElse("");
    return message.contains("error=26,")
        || message.contains("error: 26 ")
        || message.contains("Text file busy");
  }
}
