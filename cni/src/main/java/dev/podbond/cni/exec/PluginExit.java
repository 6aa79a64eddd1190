package dev.podbond.cni.exec;

import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.json.JsonException;
import java.time.Duration;

/// How the run of a plugin ended, wherever it ran. The executable is its path, for messages.
public sealed interface PluginExit {
  /// It ended by itself.
  ///
  /// @param exitCode 0 for success
  record Ended(String executable, int exitCode, String stdout, String stderr)
      implements PluginExit {}

  /// The kernel did not start it, or it could not be waited for.
  ///
  /// @param reason the kernel's
  record NotRun(String executable, String reason) implements PluginExit {}

  /// It was killed at its time limit.
  record Killed(String executable, Duration limit) implements PluginExit {}

  /// It wrote more to stdout than a result may have.
  record WroteTooMuch(String executable) implements PluginExit {}

  /// Its output.
  ///
  /// @throws CniException if the plugin failed: its error object, or else whatever output it left
  default String output() throws CniException {
    return switch (this) {
      case Ended ended when ended.exitCode == 0 -> ended.stdout;
      case Ended ended -> throw new CniException(error(ended));
      case NotRun(String executable, String reason) ->
          throw new CniException(
              CniErrorCode.IO_FAILURE, "cannot run plugin " + executable + ": " + reason);
      case Killed(String executable, Duration limit) ->
          throw new CniException(
              CniErrorCode.INTERNAL,
              "plugin " + executable + " did not end within " + limit.toSeconds() + " s",
              "it was killed");
      case WroteTooMuch(String executable) ->
          throw new CniException(
              CniErrorCode.DECODING_FAILURE,
              "plugin "
                  + executable
                  + " wrote more than the "
                  + CniResult.LIMITS.bytes()
                  + " bytes that are allowed");
    };
  }

  private static CniError error(Ended plugin) {
    String ended = plugin.executable + ", exit code " + plugin.exitCode;
    if (plugin.stdout.isBlank()) {
      return new CniError(
          CniErrorCode.INTERNAL,
          plugin.stderr.isBlank()
              ? "netplugin failed with no error message"
              : "netplugin failed: " + plugin.stderr.strip(),
          ended);
    }
    try {
      return CniError.parse(plugin.stdout);
    } catch (JsonException e) {
      return new CniError(
          CniErrorCode.INTERNAL,
          "netplugin failed but error parsing its diagnostic message \""
              + plugin.stdout.strip()
              + "\": "
              + e.getMessage(),
          ended);
    }
  }
}
