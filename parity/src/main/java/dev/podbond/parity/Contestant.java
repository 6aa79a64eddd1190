package dev.podbond.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Whose plugins are executed.
interface Contestant extends AutoCloseable {
  /// The executable for a plugin of this type.
  Path executable(String type);

  /// Variables for every call, beside those of CNI.
  Map<String, String> environment();

  /// Before the first call, and after a reboot.
  void start() throws IOException;

  /// The node goes down: no process of the contestant's outlives it.
  void stop() throws IOException;

  /// Ends when whatever it does by itself about a pod that is gone is done, so that what is seen
  /// next does not depend on when one looks.
  ///
  /// @param containerId of the pod
  void settle(String containerId) throws IOException;

  @Override
  default void close() throws IOException {
    stop();
  }
}
