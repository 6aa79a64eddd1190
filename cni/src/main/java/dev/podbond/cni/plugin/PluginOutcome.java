package dev.podbond.cni.plugin;

import java.io.PrintStream;

/// The outcome of a plugin's process (CNI spec, section 2).
///
/// @param exitCode 0, or 1 with an error object on `stdout`
/// @param stdout the result or the error object and nothing else
/// @param stderr the about text if there is no verb, warnings of the protocol, and stack traces of
///   defects
public record PluginOutcome(int exitCode, String stdout, String stderr) {
  /// Prints it as the called process would.
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
