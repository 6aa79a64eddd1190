package dev.podbond.cni.plugin;

import java.io.PrintStream;

/// What a plugin's process ends with (CNI spec, section 2).
///
/// @param exitCode 0, or 1 with an error object on `stdout`
/// @param stdout the result or the error object and nothing else
/// @param stderr the about text when there is no verb, warnings of the protocol, and stack traces
///   of defects
public record PluginOutcome(int exitCode, String stdout, String stderr) {
  /// Prints it as the process that was called.
  ///
  /// @return the exit code of that process
  public int print(PrintStream out, PrintStream err) {
    err.print(stderr);
    err.flush();
    out.print(stdout);
    out.flush();
    return exitCode;
  }
}
