package dev.podbond.plugins.node;

import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.config.LogLevel;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a call's configuration asks to log: sriov-cni's `logLevel` and `logFile`. As in sriov-cni,
/// neither can make the call fail.
public final class CallLog {
  private CallLog() {}

  /// The node as it logs this call.
  public static NodeEnvironment at(NodeEnvironment node, JsonObject config) {
    Optional<String> wanted = text(config, "logLevel");
    LogLevel level = wanted.flatMap(LogLevel::of).orElse(LogLevel.DEFAULT);
    if (wanted.isPresent() && LogLevel.of(wanted.get()).isEmpty()) {
      node.warn(
          "logLevel \""
              + wanted.get()
              + "\" is not one of "
              + Arrays.stream(LogLevel.values())
                  .map(LogLevel::toString)
                  .collect(Collectors.joining(", "))
              + "; this call is logged at "
              + level);
    }
    return switch (level) {
      case PANIC, ERROR ->
          node.forCall(node.ipam(), new PrintStream(OutputStream.nullOutputStream(), false));
      case WARNING, INFO -> node;
      case DEBUG ->
          node.through(
              node.files(), kernel -> logged(node, node.changes().apply(kernel)), node.ipam());
    };
  }

  /// We never write this file: otherwise the author of a network attachment could write to any file
  /// of the node as root.
  public static void tellOfLogFile(NodeEnvironment node, JsonObject config) {
    text(config, "logFile")
        .ifPresent(file ->
            node.warn(
                "logFile "
                    + file
                    + " is not written: a network does not choose what is written on a node; this"
                    + " call is logged where the agent is, see `kubectl logs` or the journal"));
  }

  private static Kernel logged(NodeEnvironment node, Kernel kernel) {
    return change -> {
      try {
        kernel.apply(change);
      } catch (ChangeFailedException e) {
        node.debug("failed: " + e.getMessage());
        throw e;
      }
      node.debug("done: " + change);
    };
  }

  private static Optional<String> text(JsonObject config, String key) {
    return config
        .find(key)
        .flatMap(value ->
            value instanceof JsonString(String text) && !text.isEmpty()
                ? Optional.of(text)
                : Optional.empty());
  }
}
