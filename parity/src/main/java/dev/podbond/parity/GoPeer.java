package dev.podbond.parity;

import java.nio.file.Path;
import java.util.Map;

/// The plugins that ours replace, as executables.
///
/// @param executables by plugin type
record GoPeer(Map<String, Path> executables) implements Contestant {
  GoPeer {
    executables = Map.copyOf(executables);
  }

  @Override
  public Path executable(String type) {
    Path executable = executables.get(type);
    if (executable == null) {
      throw new IllegalArgumentException("no peer is given for the plugin " + type);
    }
    return executable;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public void start() {}

  @Override
  public void stop() {}

  /// It has no process between calls.
  @Override
  public void settle(String containerId) {}
}
