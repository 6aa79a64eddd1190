package dev.podbond.ipam;

import dev.podbond.cni.exec.PluginPath;
import dev.podbond.cni.spec.CniException;
import dev.podbond.ipam.hostlocal.HostLocalConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;

/// What is known of the host on which a plugin would be executed.
public interface HostView {
  /// The host of a process that executes plugins itself, and lives for one call.
  HostView OWN = of(_ -> true);

  /// The host of a process that executes plugins itself, and serves others meanwhile. The author of
  /// a network chooses the directory: one on a file system that does not answer would keep a thread
  /// for ever, so only host-local's usual one is shared.
  HostView LASTING = of(HostLocalConfig.DEFAULT_DATA_DIR::equals);

  private static HostView of(Predicate<Path> shared) {
    return new HostView() {
      @Override
      public boolean hasPlugin(String type, Map<String, String> env) {
        try {
          PluginPath.of(env).find(type);
          return true;
        } catch (CniException | InvalidPathException _) {
          return false;
        }
      }

      @Override
      public boolean shares(Path directory) {
        return shared.test(directory);
      }
    };
  }

  /// Whether the plugin's executable is there. Without it a call has to fail as it always did.
  ///
  /// @param env the environment of the call
  boolean hasPlugin(String type, Map<String, String> env);

  /// Whether this process sees the directory, which need not exist, as the host does: then both
  /// lock the same files.
  boolean shares(Path directory);
}
