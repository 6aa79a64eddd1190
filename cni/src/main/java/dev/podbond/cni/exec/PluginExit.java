package dev.podbond.cni.exec;

import dev.podbond.cni.spec.CniError;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.json.JsonException;

/// The result of a plugin's process, wherever it ran.
///
/// @param executable its path, for messages
/// @param exitCode 0 for success
public record PluginExit(String executable, int exitCode, String stdout, String stderr) {

  /// Its output.
  ///
  /// @throws CniException if the plugin failed: its error object, or else whatever output it left
  public String output() throws CniException {
    if (exitCode == 0) {
      return stdout;
    }
    throw new CniException(error());
  }

  private CniError error() {
    String ended = executable + ", exit code " + exitCode;
    if (stdout.isBlank()) {
      return new CniError(
          CniErrorCode.INTERNAL,
          stderr.isBlank()
              ? "netplugin failed with no error message"
              : "netplugin failed: " + stderr.strip(),
          ended);
    }
    try {
      return CniError.parse(stdout);
    } catch (JsonException e) {
      return new CniError(
          CniErrorCode.INTERNAL,
          "netplugin failed but error parsing its diagnostic message \""
              + stdout.strip()
              + "\": "
              + e.getMessage(),
          ended);
    }
  }
}
