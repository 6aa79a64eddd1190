package dev.podbond.agent.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of the file that holds a deletion which waits for an agent (docs/shim-protocol.md,
/// "Requests for deletion").
public record PendingName(String containerId, String ifname, String plugin) {
  /// The directory of these files below the state directory.
  public static final String DIRECTORY = "pending";

  private static final Pattern FORM = Pattern.compile("([^.:][^:]*):(.*):([^:]+)");

  /// The name for a call.
  public static PendingName of(Call call) {
    return new PendingName(call.containerId(), call.ifname(), call.plugin());
  }

  /// The name of a file; empty if it is of none, or of one that is still being written.
  public static Optional<PendingName> parse(String file) {
    Matcher name = FORM.matcher(file);
    return name.matches()
        ? Optional.of(new PendingName(name.group(1), name.group(2), name.group(3)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return containerId + ":" + ifname + ":" + plugin;
  }
}
