package dev.podbond.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Executes the plugins of one side.
interface Contestant extends AutoCloseable {
  /// The executable for a plugin of this type.
  Path executable(String type);

  /// Variables for every call, in addition to those of CNI.
  Map<String, String> environment();

  /// Before the first call, and after a reboot.
  void start() throws IOException;

  /// The node goes down: no process of the contestant survives.
  void stop() throws IOException;

  /// Returns when the contestant has finished its own work about a pod that is gone, so that the
  /// observation does not depend on its time.
  ///
  /// @param containerId of the pod
  void settle(String containerId) throws IOException;

  @Override
  default void close() throws IOException {
    stop();
  }
}
